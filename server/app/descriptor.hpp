// A file descriptor that closes itself. Used by the control socket and the archive.
#pragma once

#include <unistd.h>

#include <utility>

namespace bossey::app {

class Descriptor {
 public:
  /// Owns `number`; a negative one is none.
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

}  // namespace bossey::app
