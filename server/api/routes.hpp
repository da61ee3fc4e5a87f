// All routes as one table: method, path, who may call it, how large a body, and the function that answers. Read by Api
// for every request, and by the tests, which ask each route as each role.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/call.hpp"
#include "consensus/role.hpp"

namespace bossey::api {

enum class Needs : std::uint8_t {
  nobody,  ///< Open to everybody.
  person,  ///< Somebody signed in.
  group,   ///< Somebody with a role in the group that the first capture names, and the row's action.
};

using Handler = void (*)(CallPtr);

struct Route {
  std::string_view method;  ///< GET also answers HEAD.
  std::string_view path;    ///< Segments; `:name` captures one, a last `*` any number of further ones.
  Needs needs;
  consensus::Action action;  ///< For Needs::group.
  std::size_t body_bytes_max;
  Handler handler;
};

[[nodiscard]] std::span<const Route> routes();

struct Match {
  const Route* route = nullptr;  ///< Null: no such path, or not with this method.
  std::vector<std::string> captures;
  std::string allowed;  ///< Methods that this path has, for 405; "" if there is no such path.
};

/// Finds the row for a method and a decoded path.
[[nodiscard]] Match find_route(std::span<const Route> table, std::string_view method,
                               const std::vector<std::string>& path);

// Handlers, one file a noun. Each is called on the network thread with all checks of its row done.

void get_healthz(CallPtr call);  // pages.cpp
void get_readyz(CallPtr call);
void get_page(CallPtr call);
void get_asset(CallPtr call);

void get_sign_in(CallPtr call);  // sessions.cpp
void post_sign_out(CallPtr call);
void get_me(CallPtr call);

void get_group(CallPtr call);  // group.cpp
void patch_group(CallPtr call);
void post_report(CallPtr call);
void post_import(CallPtr call);

void get_report(CallPtr call);  // report.cpp
void get_section(CallPtr call);

void post_outline(CallPtr call);  // outline.cpp

void post_decision(CallPtr call);  // decisions.cpp
void post_pause(CallPtr call);
void post_objection(CallPtr call);
void post_pause_cancel(CallPtr call);
void get_agreed(CallPtr call);
void post_restore(CallPtr call);

void get_closing(CallPtr call);  // closing.cpp
void post_phase(CallPtr call);
void post_left_open(CallPtr call);
void post_label(CallPtr call);
void post_correction(CallPtr call);
void post_correction_check(CallPtr call);
void post_correction_move(CallPtr call);
void post_transmittal(CallPtr call);
void get_releases(CallPtr call);

void get_positions(CallPtr call);  // positions.cpp
void post_position(CallPtr call);
void post_position_move(CallPtr call);
void get_brackets(CallPtr call);  // brackets.cpp
void get_report_brackets(CallPtr call);
void post_brackets(CallPtr call);
void post_brackets_lift(CallPtr call);
void post_bracket_move(CallPtr call);
void get_wordings(CallPtr call);  // wordings.cpp
void post_wordings(CallPtr call);
void post_facts(CallPtr call);
void post_derived(CallPtr call);  // deriving.cpp
void get_origin(CallPtr call);
void get_comparison(CallPtr call);
void get_calls(CallPtr call);  // calls.cpp
void get_call(CallPtr call);
void post_call(CallPtr call);
void post_call_answer(CallPtr call);
void post_call_mark(CallPtr call);
void post_call_move(CallPtr call);
void get_proposals(CallPtr call);  // proposals.cpp
void post_withdraw_proposal(CallPtr call);

void post_proposal(CallPtr call);  // amendments.cpp
void post_position_proposal(CallPtr call);
void post_proposal_move(CallPtr call);
void get_adoption(CallPtr call);
void post_adoption(CallPtr call);

void get_revisions(CallPtr call);  // revisions.cpp
void get_section_redline(CallPtr call);
void get_report_redline(CallPtr call);

void get_print(CallPtr call);  // exports.cpp
void get_markdown(CallPtr call);
void get_release_print(CallPtr call);
void get_release_markdown(CallPtr call);

void get_meetings(CallPtr call);  // meetings.cpp
void post_meeting(CallPtr call);
void patch_meeting(CallPtr call);
void post_here(CallPtr call);

void get_teams(CallPtr call);  // teams.cpp
void post_team(CallPtr call);
void patch_team(CallPtr call);
void post_section_team(CallPtr call);
void post_typist(CallPtr call);

void get_reviews(CallPtr call);  // reviews.cpp
void post_review(CallPtr call);
void post_review_opened(CallPtr call);
void post_review_end(CallPtr call);

void get_decisions(CallPtr call);  // register.cpp
void get_decision(CallPtr call);
void get_register(CallPtr call);

void get_rules(CallPtr call);  // rules.cpp
void patch_rules(CallPtr call);

void get_people(CallPtr call);  // people.cpp
void post_person(CallPtr call);
void patch_person(CallPtr call);
void delete_person(CallPtr call);
void post_link(CallPtr call);
void delete_link(CallPtr call);
void delete_sessions(CallPtr call);

}  // namespace bossey::api
