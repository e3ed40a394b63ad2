//! The judge `policies`: CPython compiles every policy, and those of every lab behave.

use std::process::Command;

use labtree::Input;
use labtree::disk::RealDisk;
use serde_json::json;

use super::labs::Lab;
use super::{Bench, Verdict};
use crate::{Failure, repository};

/// Judges all labs.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("policies");
    for lab in bench.labs()? {
        verdict.judged += lab.files(&[".py"])?.len();
        verdict.blame(&lab, judge_lab(bench, &lab)?);
    }
    Ok(verdict)
}

/// What is wrong with the policies of a lab.
pub(super) fn judge_lab(bench: &Bench, lab: &Lab) -> Result<Vec<String>, Failure> {
    let tests = repository().join("crates/render-tofu/tests/policies.py");
    // authentik makes the text the body of a function; so does this.
    let script = "import sys\nfor path in sys.argv[1:]:\n    text = open(path, encoding='utf-8').read()\n    \
                  body = '\\n'.join('    ' + line for line in text.split('\\n'))\n    \
                  compile('def handler(request):\\n' + body + '\\n', path, 'exec')\n";
    let python = bench.tools.python()?;
    let compiled = Command::new(&python).args(["-c", script]).args(lab.files(&[".py"])?).output()?;
    let behaved = Command::new(&python).args([tests.as_str(), lab.folder.as_str(), &facts(lab)?]).output()?;
    let bad = [compiled, behaved].into_iter().filter(|done| !done.status.success());
    Ok(bad.map(|done| String::from_utf8_lossy(&done.stderr).into_owned()).collect())
}

/// What the inventory of the lab says, for the tests of the policies.
fn facts(lab: &Lab) -> Result<String, Failure> {
    let input = Input::read(&RealDisk::open(&lab.folder)?)?;
    let inventory = input.inventory.ok_or("the inventory of a lab that was rendered has no faults")?;
    let (avatars, settings) = (&inventory.identity.avatars, &inventory.identity.settings);
    let size = avatars.max_size.bytes();
    // Every lab writes its own in one of these.
    let (unit, name) = if size.is_multiple_of(1024) { (1024, "KiB") } else { (1000, "kB") };
    let invite = inventory.groups.iter().filter(|group| *group.value.invite);
    let facts = json!({
        "types": avatars.types.iter().map(|one| one.as_str()).collect::<Vec<_>>(),
        "max_size": size,
        "too_large": format!("The picture is larger than {} {name}.", size / unit),
        "invite": invite.map(|group| group.name.to_string()).collect::<Vec<_>>(),
        "change": {
            "email": *settings.default_user_change_email,
            "name": *settings.default_user_change_name,
            "username": *settings.default_user_change_username,
        },
    });
    Ok(facts.to_string())
}
