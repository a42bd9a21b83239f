//! A virtual machine: emulated, so that it runs wherever we do, with network cards whose other ends are TAPs in a
//! network namespace of its own.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::image::Image;
use super::qmp::Qmp;
use crate::instance::Instance;
use crate::lab::process::{Process, ProcessError, Program, tail};
use crate::netns;

/// Links of a device.
pub const PORTS: usize = 4;
/// The network cards: the links, and one for the device's own side.
const CARDS: usize = PORTS + 1;

/// Memory, in megabytes.
const MEMORY: &str = "128";
/// What the kernel is told. Its clock and its timers are those of the emulator's HPET: any other it would calibrate, which
/// goes wrong by a factor on a busy host. Devices go at once and not after a grace period. A kernel that fell over ends
/// the emulator; one that was not let run for long did not fall over.
const KERNEL_ARGUMENTS: &str = "console=ttyS0 quiet panic=-1 oops=panic clocksource=hpet nolapic_timer no_timer_check \
    nowatchdog rcupdate.rcu_expedited=1 mitigations=off nokaslr random.trust_cpu=on cryptomgr.notests ipv6.disable=1";
/// It boots in three seconds, and in twenty on a busy host.
const BOOT: Duration = Duration::from_secs(180);
/// What is said on the console of a kernel, or of a daemon, that fell over.
const FALLEN: &[&str] =
    &["Oops", "BUG:", "Kernel panic", "KASAN", "general protection", "unable to handle", "teamd ended"];

/// The exit status of a line of shell which found that the machine cannot do what is wanted; it says why.
pub const UNABLE: u32 = 77;

/// Why a machine did not do what it was to.
#[derive(Debug, thiserror::Error)]
pub enum MachineError {
    /// The emulator.
    #[error("{}", about_emulator(.0))]
    Emulator(#[from] ProcessError),
    /// Its namespace, its folder or one of its sockets.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It did not boot.
    #[error("the virtual machine did not boot: {0}")]
    Boot(String),
    /// It ended.
    #[error("{0}")]
    Died(String),
    /// It does not answer.
    #[error("the virtual machine does not answer: {0}")]
    Silent(io::Error),
    /// What it was asked for did not work.
    #[error("in the virtual machine: {command:?} ended with exit status {status}: {said}")]
    Failed {
        /// A line of shell.
        command: String,
        /// Its exit status.
        status: u32,
        /// What it said.
        said: String,
    },
}

fn about_emulator(error: &ProcessError) -> String {
    match error {
        ProcessError::Missing(program) => format!("{program}: not found; Debian has it in qemu-system-x86"),
        error => error.to_string(),
    }
}

/// A machine that runs.
#[derive(Debug)]
pub struct Machine {
    // Dropped in this order: the emulator before its namespace.
    process: Process,
    qmp: Qmp,
    agent: Agent,
    ping: Arc<Mutex<Ping>>,
    carriers: [bool; CARDS],
    console: Console,
    namespace: String,
    instance: Instance,
}

impl Machine {
    /// Boots one for a lab of this name. All carriers are off, and nothing is configured.
    ///
    /// # Errors
    /// There is no emulator, or the machine does not boot.
    pub fn boot(lab: &str, image: &Image) -> Result<Self, MachineError> {
        let instance = Instance::new(lab)?;
        let namespace = instance.namespace("")?;
        // No frames of the host's own into the links.
        netns::within(Some(&namespace), || fs::write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1"))??;
        for card in 0..CARDS {
            let tap = tap(card);
            netns::ip(Some(&namespace), &["tuntap", "add", "dev", &tap, "mode", "tap"])?;
            netns::ip(Some(&namespace), &["link", "set", "dev", &tap, "up"])?;
        }
        let folder = instance.folder();
        let console = Console { path: folder.join("console"), read: 0 };
        let mut process = emulator(image, folder).within(Some(&namespace)).start(&folder.join("emulator"))?;
        instance.group(process.group())?;
        let end = Instant::now() + BOOT;
        let mut agent = Agent(connect(&folder.join("agent"), &mut process, end)?);
        let ping = Ping { socket: connect(&folder.join("ping"), &mut process, end)?, count: 0 };
        let mut qmp = Qmp::connect(&folder.join("qmp"))?;
        agent.wait_until_ready(&mut process, &console, end)?;
        for card in 0..CARDS {
            qmp.link(&format!("card{card}"), false)?;
        }
        let (ping, carriers) = (Arc::new(Mutex::new(ping)), [false; CARDS]);
        let mut machine = Self { process, qmp, agent, ping, carriers, console, namespace, instance };
        for card in 0..CARDS {
            let said = machine.ask(&format!("cat /sys/class/net/{}/address", interface(card)))?;
            if said.trim() != address(card) {
                let text = format!("{} has the address {}", interface(card), said.trim());
                return Err(MachineError::Boot(text));
            }
        }
        Ok(machine)
    }

    /// What was made for it on this machine.
    pub fn instance(&self) -> &Instance {
        &self.instance
    }

    /// What its kernel and the emulator say.
    pub fn logs(&self) -> Vec<PathBuf> {
        vec![self.console.path.clone(), self.process.log().to_owned()]
    }

    /// The network namespace with the TAPs.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Runs a line of shell in the machine and returns what it said.
    ///
    /// # Errors
    /// It ended with an exit status, or the machine does not answer.
    pub fn ask(&mut self, command: &str) -> Result<String, MachineError> {
        self.agent.ask(command).map_err(|error| self.instead(error))
    }

    /// Takes the carrier of a card away or gives it back.
    ///
    /// # Errors
    /// The emulator does not do it.
    pub fn carrier(&mut self, card: usize, up: bool) -> Result<(), MachineError> {
        let Some(carrier) = self.carriers.get_mut(card) else { return Ok(()) };
        if *carrier != up {
            *carrier = up;
            let done = self.qmp.link(&format!("card{card}"), up);
            done.map_err(|error| self.instead(error.into()))?;
        }
        Ok(())
    }

    /// It runs, and its kernel is well.
    ///
    /// # Errors
    /// What happened.
    pub fn alive(&mut self) -> Result<(), String> {
        let fallen = self.console.fallen();
        match (fallen, self.process.ended()) {
            (Some(line), _) => Err(format!("the virtual machine says: {line}")),
            (None, Some(how)) => Err(format!("{how}{}", self.last_words())),
            (None, None) => Ok(()),
        }
    }

    /// Asks the machine for as little as can be, and tells how long it took; ends when `life` does.
    pub fn probe<T: Send + Sync + 'static>(
        &self,
        life: &Arc<T>,
    ) -> Box<dyn FnMut() -> Option<Duration> + Send> {
        let (ping, life) = (Arc::clone(&self.ping), Arc::downgrade(life));
        Box::new(move || {
            life.upgrade()?;
            ping.lock().unwrap_or_else(PoisonError::into_inner).ask().ok()
        })
    }

    /// A dead machine does not answer, and that it died says more.
    fn instead(&mut self, error: MachineError) -> MachineError {
        if matches!(error, MachineError::Failed { .. }) {
            return error;
        }
        // The sockets close a moment before the process is gone.
        std::thread::sleep(Duration::from_millis(50));
        self.alive().err().map_or(error, MachineError::Died)
    }

    fn last_words(&self) -> String {
        last_words(self.process.log(), &self.console.path)
    }
}

/// The TAP of a card, in the machine's namespace: `p1` for the first link, `client` for the device's own side.
pub fn tap(card: usize) -> String {
    if card < PORTS { format!("p{}", card + 1) } else { "client".to_owned() }
}

/// What the machine calls a card.
pub fn interface(card: usize) -> String {
    format!("eth{card}")
}

/// The address of a card.
pub fn address(card: usize) -> String {
    format!("02:52:53:00:01:{card:02x}")
}

/// The emulator and what it emulates.
fn emulator(image: &Image, folder: &Path) -> Program {
    let path = |name: &str| folder.join(name).display().to_string();
    let mut argv: Vec<String> =
        ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-no-reboot"].map(str::to_owned).to_vec();
    let mut add = |name: &str, value: String| argv.extend([name.to_owned(), value]);
    add("-machine", "pc".to_owned());
    // Its random numbers are there when the first program wants some.
    add("-cpu", "qemu64,+rdrand".to_owned());
    // The cache for translated code would grow to a gigabyte.
    add("-accel", "tcg,tb-size=64".to_owned());
    add("-display", "none".to_owned());
    add("-m", MEMORY.to_owned());
    add("-smp", "1".to_owned());
    add("-kernel", image.kernel.display().to_string());
    add("-initrd", image.initramfs.display().to_string());
    add("-append", KERNEL_ARGUMENTS.to_owned());
    add("-serial", format!("file:{}", path("console")));
    add("-qmp", format!("unix:{},server=on,wait=off", path("qmp")));
    add("-device", "virtio-serial-pci".to_owned());
    for (number, port) in (1..).zip(["agent", "ping", GUEST]) {
        add("-chardev", format!("socket,id={port},path={},server=on,wait=off", path(port)));
        add("-device", format!("virtserialport,chardev={port},nr={number}"));
    }
    for card in 0..CARDS {
        add("-netdev", format!("tap,id=net{card},ifname={},script=no,downscript=no", tap(card)));
        // No filter of VLANs in the card: what the device makes of tagged frames is its own matter.
        let settings = format!("mac={},romfile=,ctrl_vlan=off", address(card));
        add("-device", format!("virtio-net-pci,id=card{card},netdev=net{card},{settings}"));
    }
    Program::new(argv)
}

/// Connects to a socket that the emulator makes when it starts.
fn connect(path: &Path, process: &mut Process, end: Instant) -> Result<BufReader<UnixStream>, MachineError> {
    loop {
        match UnixStream::connect(path) {
            Ok(socket) => return Ok(BufReader::new(socket)),
            Err(error) if Instant::now() > end => return Err(MachineError::Boot(error.to_string())),
            Err(_) => {}
        }
        if let Some(how) = process.ended() {
            return Err(MachineError::Died(format!("{how}{}", last_words(process.log(), Path::new("")))));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// What an emulator and its kernel said last.
fn last_words(log: &Path, console: &Path) -> String {
    let said = fs::read(console).unwrap_or_default();
    let fallen = fallen(&String::from_utf8_lossy(&said));
    let said = fallen.unwrap_or_else(|| [tail(log, 500), tail(console, 500)].join("\n"));
    let said = said.trim();
    if said.is_empty() { String::new() } else { format!(": {said}") }
}

/// What the machine's kernel says.
#[derive(Debug)]
struct Console {
    path: PathBuf,
    /// So much of it was read.
    read: u64,
}

impl Console {
    /// The first new line that says that the kernel fell over.
    fn fallen(&mut self) -> Option<String> {
        let mut file = File::open(&self.path).ok()?;
        let size = file.metadata().ok()?.len();
        if size <= self.read {
            return None;
        }
        file.seek(SeekFrom::Start(self.read)).ok()?;
        let mut octets = Vec::new();
        file.take(1 << 20).read_to_end(&mut octets).ok()?;
        // The rest of a line that is being written is read with its end.
        let whole = octets.iter().rposition(|octet| *octet == b'\n').map_or(0, |at| at + 1);
        self.read += u64::try_from(whole).unwrap_or_default();
        fallen(&String::from_utf8_lossy(&octets[..whole]))
    }
}

fn fallen(said: &str) -> Option<String> {
    let line = said.lines().find(|line| FALLEN.iter().any(|word| line.contains(word)))?;
    Some(line.trim().to_owned())
}

/// Who does in the machine what we ask for: see `init.sh`.
#[derive(Debug)]
struct Agent(BufReader<UnixStream>);

/// Making and removing devices takes tens of milliseconds.
const ANSWER: Duration = Duration::from_secs(30);
/// More than anything has to say.
const MOST: usize = 1 << 20;

impl Agent {
    fn wait_until_ready(
        &mut self,
        process: &mut Process,
        console: &Console,
        end: Instant,
    ) -> Result<(), MachineError> {
        self.0.get_ref().set_read_timeout(Some(Duration::from_millis(200)))?;
        let mut line = String::new();
        while Instant::now() < end {
            match self.0.read_line(&mut line) {
                Ok(_) if line == "ready\n" => {
                    self.0.get_ref().set_read_timeout(Some(ANSWER))?;
                    return Ok(());
                }
                Ok(0) => std::thread::sleep(Duration::from_millis(50)),
                Ok(_) => return Err(MachineError::Boot(format!("it says {line:?}"))),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
            if let Some(how) = process.ended() {
                let text = last_words(process.log(), &console.path);
                return Err(MachineError::Died(format!("{how}{text}")));
            }
        }
        Err(MachineError::Boot(last_words(process.log(), &console.path)))
    }

    fn ask(&mut self, command: &str) -> Result<String, MachineError> {
        let line = command.replace('\n', ";");
        let (status, said) = self.exchange(&line).map_err(MachineError::Silent)?;
        if status == 0 {
            return Ok(said);
        }
        Err(MachineError::Failed { command: line, status, said: said.trim().to_owned() })
    }

    fn exchange(&mut self, line: &str) -> io::Result<(u32, String)> {
        self.0.get_mut().write_all(format!("{line}\n").as_bytes())?;
        let mut head = String::new();
        self.0.read_line(&mut head)?;
        let odd = || io::Error::new(io::ErrorKind::InvalidData, format!("it says {head:?}"));
        let (status, length) = head.trim().split_once(' ').ok_or_else(odd)?;
        let (status, length) =
            (status.parse().map_err(|_| odd())?, length.parse::<usize>().map_err(|_| odd())?);
        if length > MOST {
            return Err(odd());
        }
        let mut said = vec![0; length];
        self.0.read_exact(&mut said)?;
        Ok((status, String::from_utf8_lossy(&said).into_owned()))
    }
}

/// The socket by which people look at a machine by hand.
const GUEST: &str = "guest";

/// Runs a command in the machine whose instance has that folder: its exit status and what it said. `None` if there is no
/// machine.
///
/// # Errors
/// It does not answer, or says something odd.
pub fn run_in_guest(folder: &Path, argv: &[OsString]) -> Option<io::Result<(u32, String)>> {
    let socket = folder.join(GUEST);
    if !socket.exists() {
        return None;
    }
    let words: Vec<String> = argv
        .iter()
        .map(|word| format!("'{}'", word.to_string_lossy().replace('\'', r"'\''").replace('\n', " ")))
        .collect();
    let answer = UnixStream::connect(&socket).and_then(|socket| {
        socket.set_read_timeout(Some(ANSWER))?;
        Agent(BufReader::new(socket)).exchange(&words.join(" "))
    });
    Some(answer)
}

/// Who echoes in the machine.
#[derive(Debug)]
struct Ping {
    socket: BufReader<UnixStream>,
    count: u64,
}

impl Ping {
    /// Asks for an echo and tells how long it took, at most [`ANSWER`].
    fn ask(&mut self) -> io::Result<Duration> {
        self.socket.get_ref().set_read_timeout(Some(ANSWER))?;
        self.count += 1;
        let begun = Instant::now();
        let sent = format!("{}\n", self.count);
        self.socket.get_mut().write_all(sent.as_bytes())?;
        while begun.elapsed() < ANSWER {
            let mut line = String::new();
            match self.socket.read_line(&mut line) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                // What comes before it was asked for earlier, and given up.
                Ok(_) if line == sent => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(begun.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_that_fell_over_is_known_by_what_it_says() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("console");
        let mut console = Console { path: path.clone(), read: 0 };
        assert_eq!(console.fallen(), None);
        fs::write(&path, "hello\n[    1.0] BUG: kernel NULL poin").unwrap();
        assert_eq!(console.fallen(), None);
        fs::write(&path, "hello\n[    1.0] BUG: kernel NULL pointer dereference\nmore\n").unwrap();
        assert_eq!(console.fallen().unwrap(), "[    1.0] BUG: kernel NULL pointer dereference");
        assert_eq!(console.fallen(), None);
        assert_eq!(fallen("bond0: (slave eth0): link status definitely up\n"), None);
        assert!(fallen("Kernel panic - not syncing: Attempted to kill init!\n").is_some());
    }

    #[test]
    fn the_agent_answers_with_status_and_output() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let machine = std::thread::spawn(move || {
            let mut theirs = BufReader::new(theirs);
            for answer in ["0 6\na\nb 1\n", "1 3\nno\n", "what\n"] {
                let mut line = String::new();
                theirs.read_line(&mut line).unwrap();
                theirs.get_mut().write_all(answer.as_bytes()).unwrap();
            }
        });
        let mut agent = Agent(BufReader::new(ours));
        assert_eq!(agent.ask("cat x\ncat y").unwrap(), "a\nb 1\n");
        let error = agent.ask("false").unwrap_err();
        assert_eq!(error.to_string(), "in the virtual machine: \"false\" ended with exit status 1: no");
        assert!(matches!(agent.ask("x"), Err(MachineError::Silent(_))));
        machine.join().unwrap();
        assert!(matches!(agent.ask("x"), Err(MachineError::Silent(_))));
    }

    #[test]
    fn an_echo_of_an_earlier_question_is_not_taken_for_the_answer() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let mut ping = Ping { socket: BufReader::new(ours), count: 6 };
        let mut theirs = BufReader::new(theirs);
        let machine = std::thread::spawn(move || {
            let mut line = String::new();
            theirs.read_line(&mut line).unwrap();
            theirs.get_mut().write_all(b"5\n6\n").unwrap();
            std::thread::sleep(Duration::from_millis(30));
            theirs.get_mut().write_all(line.as_bytes()).unwrap();
        });
        assert!(ping.ask().unwrap() >= Duration::from_millis(30));
        machine.join().unwrap();
        assert!(ping.ask().is_err());
    }
}
