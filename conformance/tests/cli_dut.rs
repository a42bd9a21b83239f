//! `redspec dut` and what `redspec run --dut` says before it begins, as a user calls them.

use std::path::Path;
use std::process::{Command, Output};

use pretty_assertions::assert_eq;

fn redspec(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redspec"));
    command.args(arguments).env("COLUMNS", "80").env_remove("REDSPEC_NOWHERE").output().expect("redspec runs")
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// Its standard output and its complaint; it has to end with that code.
#[track_caller]
fn ends(arguments: &[&str], code: i32) -> (String, String) {
    let output = redspec(arguments);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
    assert!(!err.contains("panicked"), "{err}");
    (out, err)
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// A profile with this behind its head, as an argument.
    fn profile(&self, rest: &str) -> String {
        let head =
            "schema = \"redspec.dut/1\"\nname = \"my device\"\nedition = \"2014\"\nprotocols = [\"lacp\"]\n";
        self.write("dut.toml", &format!("{head}{rest}"))
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.to_str().expect("a readable path").to_owned()
    }
}

const TAP: &str = "[[port]]\nkind = \"tap\"\ninterface = \"t1\"\n";

#[test]
fn what_init_writes_is_checked_without_complaint() {
    let folder = Folder::new();
    let path = folder.0.path().join("new.toml");
    let path = path.to_str().unwrap();
    ends(&["dut", "init", path], 0);
    let (out, err) = ends(&["dut", "check", path], 0);
    assert_eq!(err, "");
    assert!(
        out.starts_with("my device 1.0\nplays lacp, marker, judged by 802.1ax-2014, lenient windows\n"),
        "{out}"
    );
    assert!(out.contains("  P1   TAP dut1\n  P2   TAP dut2\nhooks: none\n"), "{out}");
    assert!(out.contains("there is no configure hook\n"), "{out}");
    let (printed, _) = ends(&["dut", "init"], 0);
    assert_eq!(printed, std::fs::read_to_string(path).unwrap());
    let (_, err) = ends(&["dut", "init", path], 2);
    assert!(err.contains("File exists"), "{err}");
    assert_eq!(printed, std::fs::read_to_string(path).unwrap(), "it is not overwritten");
}

#[test]
fn a_mistake_is_told_with_its_place() {
    let folder = Folder::new();
    let path = folder.profile(&format!("{TAP}[settings]\nlacp.tiemout = \"short\"\n"));
    let expected = format!(
        "redspec: {path}, line 9, column 6: there is no setting lacp.tiemout, did you mean lacp.timeout?\n"
    );
    assert_eq!(ends(&["dut", "check", &path], 2), (String::new(), expected.clone()));
    assert_eq!(ends(&["run", "--dut", &path], 2), (String::new(), expected));
    let (_, err) = ends(&["dut", "check", "/nowhere/dut.toml"], 2);
    assert!(err.contains("/nowhere/dut.toml: No such file"), "{err}");
}

#[test]
fn what_this_machine_lacks_is_told_before_anything_is_done() {
    let folder = Folder::new();
    folder.write(
        "known.toml",
        "[[waiver]]\ntest = \"lacp.nonsense\"\ncause = \"x\"\nreason = \"x\"\nuntil = 2027-01-01\n",
    );
    let path = folder.profile(
        "device_namespace = \"redspec-nowhere\"\nwaivers = [\"known.toml\", \"other.toml\"]\n\
         [[port]]\nkind = \"veth\"\ninterface = \"redspec-x\"\n\
         [[port]]\nkind = \"iface\"\ninterface = \"redspec-x\"\nnamespace = \"redspec-none\"\n\
         [hooks]\nstart = { run = [\"redspec-no-program\", \"{env:REDSPEC_NOWHERE}\"], stays = true }\n\
         stop = [\"./stop\"]\nlink_up = [\"true\"]\nlink_down = [\"true\"]\n",
    );
    let (out, err) = ends(&["dut", "check", &path], 2);
    assert!(out.contains("tests: "), "{out}");
    for what in [
        "the environment has no variable REDSPEC_NOWHERE",
        "there is no network namespace redspec-nowhere; ip netns add redspec-nowhere makes one",
        "there is no interface redspec-x\n",
        "cannot enter network namespace \"redspec-none\"",
        "hooks.start: there is no program redspec-no-program",
        "hooks.stop: there is no program ./stop",
        "there is no test \"lacp.nonsense\"",
        "other.toml: No such file",
    ] {
        assert!(err.contains(what), "{what}: {err}");
    }
    assert_eq!(err.lines().count(), 8, "{err}");
    let (_, err) = ends(&["run", "--dut", &path], 2);
    assert!(err.contains("there is no interface redspec-x"), "{err}");
}

#[test]
fn a_tap_is_made_where_there_is_nothing_of_its_name() {
    let folder = Folder::new();
    let (_, err) = ends(&["dut", "check", &folder.profile(&TAP.replace("t1", "lo"))], 2);
    assert!(err.contains("there is an interface lo already, and a TAP is made for each test"), "{err}");
}

#[test]
fn a_program_beside_the_profile_is_found() {
    let folder = Folder::new();
    folder.write("stop", "#!/bin/sh\n");
    let hooks = "[hooks]\nstart = { run = [\"true\"], stays = false }\nstop = [\"./stop\"]\n";
    ends(&["dut", "check", &folder.profile(&format!("{TAP}{hooks}"))], 0);
}

#[test]
fn settings_are_listed() {
    let (out, _) = ends(&["dut", "settings"], 0);
    assert!(
        out.contains("lacp.timeout (or .pN: of port N)\n       LACP_Timeout; one of long, short\n"),
        "{out}"
    );
    assert!(out.contains("\nlacp.system\n"), "{out}");
    assert!(out.contains("\nstate.\"lacp.aggregator\"\n"), "{out}");
}

#[test]
fn a_device_is_chosen_once() {
    let folder = Folder::new();
    let path = folder.profile(TAP);
    for other in [["--profile", "2014"], ["--mutant", "x"], ["--edition", "2020"]] {
        let (_, err) = ends(&["run", "--dut", &path, other[0], other[1]], 2);
        assert!(err.contains("cannot be used with"), "{err}");
    }
    ends(&["run", "--i-own-this-network"], 2);
}

#[test]
fn the_reference_says_what_is_wrong_before_it_runs() {
    for (arguments, what) in [
        (&["device"][..], "--iface"),
        (&["device", "--iface", "redspec-x"][..], "there is no interface redspec-x"),
        (&["device", "--iface", "x", "--set", "lacp.tiemout=short"][..], "did you mean lacp.timeout?"),
        (&["device", "--iface", "x", "--set", "lacp.timeout=fast"][..], "expected one of long, short"),
        (&["device", "--iface", "x", "--set", "lacp.timeout"][..], "expected NAME=VALUE"),
        (&["device", "--iface", "x", "--profile", "none"][..], "unknown profile"),
        (
            &["device", "state", "/nowhere/socket", "lacp.aggregator", "1"][..],
            "/nowhere/socket: No such file",
        ),
    ] {
        let (_, err) = ends(arguments, 2);
        assert!(err.contains(what), "{arguments:?}: {err}");
    }
    assert!(!Path::new("/nowhere").exists());
}
