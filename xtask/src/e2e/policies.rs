//! The judge `policies`: CPython compiles every policy, and those of every lab behave.

use std::process::Command;

use super::{Bench, Verdict};
use crate::{Failure, repository};

/// Judges all labs.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("policies");
    let tests = repository().join("crates/render-tofu/tests/policies.py");
    for lab in bench.labs()? {
        let policies = lab.files(&[".py"])?;
        verdict.judged += policies.len();
        // authentik makes the text the body of a function; so does this.
        let script = "import sys\nfor path in sys.argv[1:]:\n    text = open(path, encoding='utf-8').read()\n    \
                      body = '\\n'.join('    ' + line for line in text.split('\\n'))\n    \
                      compile('def handler(request):\\n' + body + '\\n', path, 'exec')\n";
        let mut compile = Command::new(bench.tools.python()?);
        let done = compile.args(["-c", script]).args(&policies).output()?;
        verdict.must(done.status.success(), || {
            format!("a policy of the lab `{}`:\n{}", lab.name, String::from_utf8_lossy(&done.stderr))
        });
        if lab.name == "example" {
            let done = Command::new(bench.tools.python()?).args([tests.as_str(), lab.folder.as_str()]).output()?;
            verdict.must(done.status.success(), || {
                format!("the policies of the lab `{}`:\n{}", lab.name, String::from_utf8_lossy(&done.stderr))
            });
        }
    }
    Ok(verdict)
}
