//! The `quad` program: the command line does the work, this turns its outcome into an exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    match quad::server::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("quad: {failure}");
            ExitCode::FAILURE
        }
    }
}
