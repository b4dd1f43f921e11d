//! Has the linker fold functions whose code is the same: generic code of many types mostly is.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // Where rustc brings its own linker, which can.
    if std::env::var("TARGET").is_ok_and(|target| target == "x86_64-unknown-linux-gnu") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,--icf=all");
    }
}
