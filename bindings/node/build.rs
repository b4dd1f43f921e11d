//! Tells the linker that Node itself brings what is missing, and has it fold functions whose code is the same.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    napi_build::setup();
    // Where rustc brings its own linker, which can.
    if std::env::var("TARGET").is_ok_and(|target| target == "x86_64-unknown-linux-gnu") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,--icf=all");
    }
}
