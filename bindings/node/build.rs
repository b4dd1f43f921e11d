//! Tells the linker that Node itself brings what is missing, and has it fold functions whose code is the same.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    napi_build::setup();
    let is = |name: &str, wanted: &str| std::env::var(name).is_ok_and(|value| value == wanted);
    // Where rustc brings its own linker, which can.
    if is("TARGET", "x86_64-unknown-linux-gnu") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,--icf=all");
    }
    // Two megabytes of names that nobody looks up; the profile's `strip` leaves them in this library.
    if is("CARGO_CFG_TARGET_OS", "linux") && is("PROFILE", "release") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,--strip-all");
    }
}
