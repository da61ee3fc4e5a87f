// A forked child that writes to a pipe, to be killed in the middle of its work or to end itself at a chosen step.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <string>

namespace bossey::tests {

class ChildProcess {
 public:
  /// `work` runs in the child with the writing end of a pipe; the child ends with 0 when it returns.
  explicit ChildProcess(const std::function<void(int)>& work) {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) ::abort();
    std::fflush(nullptr);  // Or the child could print what waits there once more.
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      work(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    reading_ = ends[0];
  }
  ~ChildProcess() {
    kill_and_wait();
    ::close(reading_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Reads one value of a fixed size; false at the end of the pipe.
  template <class T>
  bool read(T& value) {
    std::size_t got = 0;
    while (got < sizeof value) {
      const auto size = ::read(reading_, reinterpret_cast<char*>(&value) + got, sizeof value - got);
      if (size <= 0) return false;
      got += static_cast<std::size_t>(size);
    }
    return true;
  }

  void kill_and_wait() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    static_cast<void>(wait());
  }

  /// The exit code; -1 after a signal.
  int wait() {
    int status = 0;
    if (pid_ > 0) ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  int reading_ = -1;
};

/// For the child: a value into the pipe, in one piece.
template <class T>
void tell(int pipe, const T& value) {
  if (::write(pipe, &value, sizeof value) != static_cast<ssize_t>(sizeof value)) ::_exit(3);
}

}  // namespace bossey::tests
