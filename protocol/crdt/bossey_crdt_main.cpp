// bossey-crdt: answers the line protocol for comparing Yjs engines on standard input and output.
#include <iostream>
#include <string>

#include "crdt/line_protocol/requests.hpp"

int main() {
  std::ios::sync_with_stdio(false);
  std::string line;
  while (std::getline(std::cin, line)) {
    if (!line.empty()) std::cout << bossey::crdt::line_protocol::answer(line) << '\n' << std::flush;
  }
  return 0;
}
