//! Tells the linker that Node itself brings what is missing, and that nobody looks up the library's names.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    napi_build::setup();
    let is = |name: &str, wanted: &str| std::env::var(name).is_ok_and(|value| value == wanted);
    // The profile's `strip` takes no more than what is for debuggers out of a library; the names are two megabytes.
    if is("CARGO_CFG_TARGET_OS", "linux") && is("PROFILE", "release") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,--strip-all");
    }
}
