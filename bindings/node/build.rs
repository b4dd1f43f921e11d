//! Options of the linker: Node resolves the missing symbols when it loads the library, and a release needs no symbol names.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    napi_build::setup();
    let has_value = |name: &str, expected: &str| std::env::var(name).is_ok_and(|value| value == expected);
    // `strip` of the profile removes only debug information from a library; the symbol names take two more megabytes.
    if has_value("CARGO_CFG_TARGET_OS", "linux") && has_value("PROFILE", "release") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,--strip-all");
    }
}
