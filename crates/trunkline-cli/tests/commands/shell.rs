//! Scripts for shells, and manual pages.

use std::process::Command;

use super::harness::{binary, run};

#[test]
fn scripts_for_shells_name_commands_and_options() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&mut binary(&["completions", shell]));
        assert_eq!((script.code, script.stderr.as_str()), (Some(0), ""), "{script}");
        for word in ["set-location", "skip-unreadable", "resume"] {
            assert!(script.stdout.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn bash_reads_its_script_and_completes() {
    let script = run(&mut binary(&["completions", "bash"])).stdout;
    let program = format!(
        "{script}\nCOMP_WORDS=(trunkline bulk ver); COMP_CWORD=2; _trunkline trunkline ver bulk; echo \"${{COMPREPLY[@]}}\""
    );
    // A machine without bash has nothing to complete.
    let Ok(output) = Command::new("bash").args(["-c", &program]).output() else {
        return;
    };
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "verify", "{output:?}");
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let page = run(&mut binary(&["manual"]));
    assert!(page.stdout.contains(".TH trunkline 1"), "{page}");
    let folder = tempfile::tempdir().expect("a folder");
    let pages = folder.path().join("man1");
    let written = run(binary(&["manual"]).arg(&pages));
    assert_eq!(written.code, Some(0), "{written}");
    for name in ["trunkline.1", "trunkline-bulk-apply.1", "trunkline-numbers-assign.1"] {
        let page = std::fs::read_to_string(pages.join(name)).expect(name);
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
}
