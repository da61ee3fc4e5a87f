#include "consensus/decision.hpp"

#include <cstdio>

#include "consensus/moment.hpp"

namespace bossey::consensus {
namespace {

constexpr std::array<std::string_view, kBasesCount> kBases{"room", "silence", "unanimity", "editorial"};
constexpr std::array<std::string_view, 3> kWithdrawReasons{"merged", "no drafter", "no consensus"};

std::string_view deed(const Decision& d) {
  switch (d.kind) {
    case DecisionKind::agree:
      return d.result == Status::rough_consensus ? "agreed by rough consensus" : "agreed";
    case DecisionKind::adref:
      return "agreed ad referendum";
    case DecisionKind::principle:
      return "agreed in principle";
    case DecisionKind::bracket:
      return "put in brackets";
    case DecisionKind::alternatives:
      return "presented as alternatives";
    case DecisionKind::withdraw:
      return "withdrawn";
    case DecisionKind::carry:
      return "carried over to corrected text";
    case DecisionKind::reopen:
      return "reopened";
    case DecisionKind::undo:
      return "as before";
    case DecisionKind::working_paper:
      return "a draft working paper, reviewed by all members and not agreed";
    case DecisionKind::phase:
      return "";
    case DecisionKind::leave_open:
      return "left open";
    case DecisionKind::label:
      return "labelled as not discussed in full";
    case DecisionKind::unlabel:
      return "no longer labelled as not discussed in full";
  }
  return "";
}

std::string quoted_title(const Subject& subject) {
  return subject.title.empty() ? "section without a title" : "section '" + subject.title + "'";
}

std::string subject_in_words(const Decision& d) {
  if (d.kind == DecisionKind::phase && d.phase) {
    const std::string report = "report '" + d.report.value + "' ";
    return report + (d.release.empty() ? "enters phase " : "version " + d.release + ", enters phase ") + '"' +
           std::string(row(*d.phase).screen) + '"';
  }
  if (d.subject.empty()) {
    const bool of_report = d.kind == DecisionKind::label || d.kind == DecisionKind::unlabel;
    return of_report ? "report '" + d.report.value + '\'' : "no section";
  }
  std::string out = quoted_title(d.subject.front());
  if (d.subject.size() == 1) return out;
  const std::string others = std::to_string(d.subject.size() - 1);
  return out + (d.kind == DecisionKind::alternatives ? " with " + others + " options" : " and " + others + " more");
}

}  // namespace

std::optional<DecisionKind> decision_kind_from(std::string_view name) {
  for (std::size_t i = 0; i < kDecisionKinds.size(); ++i)
    if (kDecisionKinds[i] == name) return static_cast<DecisionKind>(i);
  return std::nullopt;
}

std::string_view name_of(Basis basis) {
  return kBases[static_cast<std::size_t>(basis)];
}
std::string_view name_of(WithdrawReason reason) {
  return kWithdrawReasons[static_cast<std::size_t>(reason)];
}

std::optional<WithdrawReason> withdraw_reason_from(std::string_view name) {
  for (std::size_t i = 0; i < kWithdrawReasons.size(); ++i)
    if (kWithdrawReasons[i] == name) return static_cast<WithdrawReason>(i);
  return std::nullopt;
}

std::string decision_path(std::uint64_t no) {
  std::array<char, 48> out{};
  std::snprintf(out.data(), out.size(), "decisions/%06llu.json", static_cast<unsigned long long>(no));
  return out.data();
}

std::string sentence(const Decision& d) {
  std::string out = "No. " + std::to_string(d.no) + ", " + moment_in_words(d.at_s);
  if (!d.session.empty()) out += ", " + d.session;
  out += ": ";
  if (d.kind == DecisionKind::undo && d.refers_to) out += "decision No. " + std::to_string(*d.refers_to) + " undone, ";
  out += subject_in_words(d);
  if (const std::string_view done = deed(d); !done.empty()) out += ' ' + std::string(done);
  if (!d.agreed_by.empty()) out += " by " + d.agreed_by;
  for (std::size_t i = 0; i < d.features.size(); ++i) out += (i == 0 ? ": " : "; ") + d.features[i];
  if (!d.reason.empty()) out += d.kind == DecisionKind::withdraw ? " (" + d.reason + ')' : ", because: " + d.reason;
  if (d.present) {
    out += " (" + std::to_string(d.present->count);
    if (d.present->roll) out += " of " + std::to_string(*d.present->roll);
    out += " present)";
  }
  for (std::size_t i = 0; i < d.columns.size(); ++i)
    out += (i == 0 ? "; " : ", ") + std::to_string(d.columns[i].second) + ' ' + d.columns[i].first;
  if (d.ad_ref_open > 0) out += "; " + std::to_string(d.ad_ref_open) + " ad referendum still open";
  out += '.';
  if (!d.subject.empty()) out += " Text " + d.subject.front().text_id.hex().substr(0, 8) + '.';
  return out;
}

Result<std::vector<Decision>> verify_chain(std::span<const std::string> files) {
  std::vector<Decision> chain;
  chain.reserve(files.size());
  std::optional<Sha256> before;
  for (const std::string& bytes : files) {
    const std::uint64_t no = chain.size() + 1;
    const std::string path = decision_path(no);
    auto parsed = parse_decision(bytes);
    if (!parsed) return fail(Errc::corrupt, path + ": " + parsed.error().detail);
    if (parsed->no != no)
      return fail(Errc::corrupt, path + " holds decision No. " + std::to_string(parsed->no) + ": one is missing");
    if (parsed->prev != before)
      return fail(Errc::corrupt, path + ": 'prev' is not the SHA-256 of the file before; one of the two was changed");
    if (parsed->refers_to && (*parsed->refers_to == 0 || *parsed->refers_to >= no))
      return fail(Errc::corrupt, path + ": refers to a decision that is not an earlier one");
    before = sha256(bytes);
    chain.push_back(std::move(*parsed));
  }
  return chain;
}

}  // namespace bossey::consensus
