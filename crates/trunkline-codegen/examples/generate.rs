//! Generates from a folder of TOML or a metadata document, for measuring.
//!
//! `generate SPEC_OR_CSDL OUTPUT [REFERENCE]`

use std::path::Path;

use trunkline_codegen::{Options, StandaloneCrate, Target, generate, write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (input, output, reference) = match arguments.as_slice() {
        [input, output] => (input, output, None),
        [input, output, reference] => (input, output, Some(reference)),
        _ => return Err("generate SPEC_OR_CSDL OUTPUT [REFERENCE]".into()),
    };
    let input = Path::new(input);
    let (model, target) = if input.is_dir() {
        (trunkline_spec::read_spec(input)?.model, Target::Slice)
    } else {
        let target = StandaloneCrate {
            name: "graph-v1".to_owned(),
            core_path: "/work/main/crates/trunkline-core".to_owned(),
            emulator_path: Some("/work/main/crates/trunkline-emulator".to_owned()),
        };
        (trunkline_spec::read_csdl(input)?, Target::StandaloneCrate(target))
    };
    let files = generate(&model, &Options { target })?;
    write(&files, Path::new(output))?;
    if let Some(reference) = reference {
        write(&trunkline_codegen::generate_reference(&model), Path::new(reference))?;
    }
    Ok(())
}
