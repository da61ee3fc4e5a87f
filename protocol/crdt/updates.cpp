#include "crdt/updates.hpp"

#include <algorithm>
#include <memory>

#include "crdt/doc_state.hpp"
#include "crdt/merge_structs.hpp"
#include "crdt/struct_reader.hpp"
#include "crdt/struct_writer.hpp"
#include "lib0/encoder.hpp"

namespace bossey::crdt {
namespace {

/// Calls `each(UpdateStruct&)` for all structs of an update, then returns its delete set.
template <class Each>
Result<DeleteSet> read_all(BytesView update, UpdateFormat format, Each&& each) {
  BOSSEY_TRY(const auto reader, UpdateReader::open(update, format));
  UpdateStruct next;
  for (;;) {
    BOSSEY_TRY(const bool more, reader->next(next));
    if (!more) break;
    each(next);
  }
  return reader->read_delete_set();
}

void note_dependencies(const UpdateStruct& next, std::vector<ClientId>& clients) {
  const auto note = [&](const Id& id) {
    if (id.client != next.id.client) clients.push_back(id.client);
  };
  if (next.origin) note(*next.origin);
  if (next.right_origin) note(*next.right_origin);
  if (next.is_item() && next.parent == UpdateStruct::Parent::item) note(next.parent_id);
}

void sort_unique(std::vector<ClientId>& clients) {
  std::sort(clients.begin(), clients.end());
  clients.erase(std::unique(clients.begin(), clients.end()), clients.end());
}

/// Whether what the document does not yet have deleted of this range is format marks only.
bool marks_only(const DocState& state, ClientId client, const DeleteSet::Range& range) {
  const ClientIndex index = state.store.find_client(client);
  if (index == kNoClient || range.end() > state.store.structs(index).state()) return false;
  const ClientStructs& structs = state.store.structs(index);
  for (std::size_t i = structs.index_of(static_cast<std::uint32_t>(range.clock));
       i < structs.size() && structs[i]->clock() < range.end(); ++i) {
    if (!structs[i]->deleted() && structs[i]->kind() != ContentKind::format) return false;
  }
  return true;
}

}  // namespace

Result<Bytes> merge_updates(const std::vector<BytesView>& updates, UpdateFormat format) {
  std::vector<std::unique_ptr<UpdateReader>> readers;
  std::vector<StructSource*> sources;
  for (const BytesView update : updates) {
    BOSSEY_TRY(auto reader, UpdateReader::open(update, format));
    sources.push_back(reader.get());
    readers.push_back(std::move(reader));
  }
  const auto writer = StructWriter::make(format);
  BOSSEY_TRY_VOID(merge_structs(sources, [&writer](UpdateStruct&& next) { writer->write(next); }));
  DeleteSet deletes;
  for (const auto& reader : readers) {
    BOSSEY_TRY(const DeleteSet part, reader->read_delete_set());
    for (const auto& client : part.clients()) {
      for (const auto& range : client.ranges) deletes.add(client.client, range.clock, range.length);
    }
  }
  if (updates.size() == 1) return Bytes(updates[0].begin(), updates[0].end());
  deletes.normalize();
  return writer->finish(deletes);
}

Result<Bytes> diff_update(BytesView update, const StateVector& known, UpdateFormat format) {
  const auto writer = StructWriter::make(format);
  bool writing = false;  // from the first struct of a client that has something new, all of its structs are written
  ClientId client;
  BOSSEY_TRY(const DeleteSet deletes, read_all(update, format, [&](const UpdateStruct& next) {
               if (writing && next.id.client != client) writing = false;
               client = next.id.client;
               if (writing) {
                 writer->write(next);
                 return;
               }
               const Clock state = known.get(client);
               if (next.kind() == ContentKind::skip || next.end() <= state) return;
               writer->write(next, state > next.id.clock ? state - next.id.clock : 0);
               writing = true;
             }));
  return writer->finish(deletes);
}

Result<Bytes> convert_update(BytesView update, UpdateFormat from, UpdateFormat to) {
  const auto writer = StructWriter::make(to);
  BOSSEY_TRY(const DeleteSet deletes,
             read_all(update, from, [&writer](const UpdateStruct& next) { writer->write(next); }));
  return writer->finish(deletes);
}

Result<Bytes> encode_state_vector_from_update(BytesView update, UpdateFormat format) {
  std::vector<StateVector::Entry> entries;
  ClientId client;
  Clock end = 0;
  bool started = false;
  bool stopped = false;  // at a gap
  const auto close = [&] {
    if (end != 0) entries.push_back({client, end});
  };
  BOSSEY_TRY_VOID(read_all(update, format, [&](const UpdateStruct& next) {
    if (!started || next.id.client != client) {
      close();
      started = true;
      client = next.id.client;
      end = 0;
      stopped = next.id.clock != 0;
    }
    if (next.kind() == ContentKind::skip) stopped = true;
    if (!stopped) end = next.end();
  }));
  close();
  lib0::Encoder out;
  out.var_uint(entries.size());
  for (const StateVector::Entry& entry : entries) {
    out.var_uint(entry.client.value);
    out.var_uint(entry.clock);
  }
  return out.take();
}

Result<std::vector<StructRange>> struct_ranges(BytesView update, UpdateFormat format) {
  std::vector<StructRange> ranges;
  BOSSEY_TRY_VOID(read_all(update, format, [&ranges](const UpdateStruct& next) {
    if (next.kind() == ContentKind::skip) return;
    const bool goes_on = !ranges.empty() && ranges.back().client == next.id.client &&
                         ranges.back().clock + ranges.back().length == next.id.clock;
    if (!goes_on) ranges.push_back({next.id.client, next.id.clock, 0, {}});
    ranges.back().length += next.length;
    note_dependencies(next, ranges.back().depends_on);
  }));
  for (StructRange& range : ranges) sort_unique(range.depends_on);
  return ranges;
}

Result<DeleteSet> delete_set_of(BytesView update, UpdateFormat format) {
  BOSSEY_TRY(DeleteSet deletes, read_all(update, format, [](const UpdateStruct&) {}));
  deletes.normalize();
  return deletes;
}

Result<bool> contains(const Doc& doc, BytesView update, UpdateFormat format) {
  const DocState& state = doc.state();
  bool all_known = true;
  BOSSEY_TRY(DeleteSet deletes, read_all(update, format, [&](const UpdateStruct& next) {
               all_known = all_known && next.end() <= state.store.state(next.id.client);
             }));
  if (!all_known) return false;
  deletes.normalize();
  return state.delete_set().covers(deletes);
}

Result<void> check_applies(const Doc& doc, BytesView update, UpdateFormat format) {
  return doc.state().check_update(update, format);
}

Result<bool> deletes_only_formatting(const Doc& doc, BytesView update, UpdateFormat format) {
  const DocState& state = doc.state();
  bool nothing_new = true;
  BOSSEY_TRY(const DeleteSet deletes, read_all(update, format, [&](const UpdateStruct& next) {
               if (next.kind() != ContentKind::skip)
                 nothing_new = nothing_new && next.end() <= state.store.state(next.id.client);
             }));
  if (!nothing_new) return false;
  for (const auto& client : deletes.clients()) {
    for (const auto& range : client.ranges) {
      if (!marks_only(state, client.client, range)) return false;
    }
  }
  return true;
}

}  // namespace bossey::crdt
