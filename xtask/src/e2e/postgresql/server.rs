//! A PostgreSQL server on loopback, which goes with it.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use super::super::Bench;
use crate::Failure;

/// Whom the server runs as where we are root, which it refuses to run as.
const NOBODY: &str = "65534";

/// Where the programs lie.
const PROGRAMS: &str = "pgserver/pginstall/bin";

/// A running server.
pub(super) struct Server {
    /// Where it listens on 127.0.0.1.
    pub(super) port: u16,
    user: String,
    password: String,
    folder: Utf8PathBuf,
    _held: TempDir,
}

impl Server {
    /// Starts one whose superuser has that name and password.
    pub(super) fn start(bench: &Bench, user: &str, password: &str) -> Result<Self, Failure> {
        let held = tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o755)).tempdir()?;
        let folder = Utf8PathBuf::try_from(held.path().to_owned())?;
        // Whoever the server runs as may not be let into the folder of the tools.
        finish(Command::new("cp").arg("-r").args(bench.tools.postgresql()?).arg(&folder))?;
        fs::create_dir(folder.join("data"))?;
        fs::write(folder.join("password"), password)?;
        if root() {
            let theirs = [folder.join("data"), folder.join("password")];
            finish(Command::new("chown").arg(format!("{NOBODY}:{NOBODY}")).args(theirs))?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Self { port, user: user.to_owned(), password: password.to_owned(), folder, _held: held };
        let (data, file) = (server.folder.join("data"), server.folder.join("password"));
        let with = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"];
        let mut init = server.program("initdb");
        finish(init.args(with).args(["-D", data.as_str(), "-U", user, "--pwfile", file.as_str()]))?;
        let options = format!("-h 127.0.0.1 -p {port} -c unix_socket_directories='' -c fsync=off");
        let log = data.join("log");
        finish(server.program("pg_ctl").args([
            "start",
            "-w",
            "-D",
            data.as_str(),
            "-l",
            log.as_str(),
            "-o",
            &options,
        ]))?;
        Ok(server)
    }

    /// What a query prints, one value a line.
    pub(super) fn query(&self, database: &str, query: &str) -> Result<String, Failure> {
        let done = self.psql(database).args(["-c", query]).output()?;
        if !done.status.success() {
            return Err(format!("{query}: {}", String::from_utf8_lossy(&done.stderr)).into());
        }
        Ok(String::from_utf8(done.stdout)?.trim().to_owned())
    }

    /// A session that has run `query` and stays open.
    pub(super) fn hold(&self, database: &str, query: &str) -> Result<Session, Failure> {
        let mut psql = self.psql(database).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut input = psql.stdin.take().ok_or("psql has no input")?;
        writeln!(input, "{query};\n\\echo done")?;
        input.flush()?;
        let output = psql.stdout.take().ok_or("psql has no output")?;
        psql.stdin = Some(input);
        let session = Session(psql);
        for line in BufReader::new(output).lines() {
            if line? == "done" {
                return Ok(session);
            }
        }
        Err(format!("the session ended before `{query}` was done").into())
    }

    fn psql(&self, database: &str) -> Command {
        let mut psql = Command::new(self.folder.join(PROGRAMS).join("psql"));
        let address = format!("host=127.0.0.1 port={} dbname={database} user={}", self.port, self.user);
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &address]).env("PGPASSWORD", &self.password);
        psql
    }

    /// A program of the server's, run as whom it may run as.
    fn program(&self, name: &str) -> Command {
        let program = self.folder.join(PROGRAMS).join(name);
        if !root() {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", program.as_str()]);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        let _ = self.program("pg_ctl").args(["stop", "-m", "immediate", "-D", data.as_str()]).output();
    }
}

/// An open session; it ends with it.
pub(super) struct Session(Child);

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// Runs a command that must succeed. Its output goes to a file: a server that it starts would keep a pipe open.
fn finish(command: &mut Command) -> Result<(), Failure> {
    let said = tempfile::NamedTempFile::new()?;
    let status = command
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(said.reopen()?)
        .stderr(said.reopen()?)
        .status()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() {
        return Ok(());
    }
    let path = Utf8Path::from_path(said.path()).ok_or("the temporary folder is not UTF-8")?;
    Err(format!("{command:?}: {status}\n{}", fs::read_to_string(path)?).into())
}
