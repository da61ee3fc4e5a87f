// The command line of `bossey`: what there is to say, and running it. Called by bossey_main.cpp only.
#pragma once

namespace bossey::app {

/// Runs the command. 0: done; 1: it failed, one sentence on stderr says what to do; 2: wrong usage; 3: done, but a
/// check found something wrong, named on stdout.
int run_command_line(int argc, const char* const* argv);

}  // namespace bossey::app
