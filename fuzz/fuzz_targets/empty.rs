#![no_main]
// The baseline of executions per second.
libfuzzer_sys::fuzz_target!(|_octets: &[u8]| {});
