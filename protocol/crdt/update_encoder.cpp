#include "crdt/update_encoder.hpp"

#include "lib0/json.hpp"

namespace bossey::crdt {

void UpdateEncoderV1::json(const lib0::Any& value) {
  // JSON.stringify(undefined) is no text; Yjs cannot write it either. Its name keeps the struct in place.
  out_.var_string(value.is_undefined() ? "null" : lib0::to_json(value));
}

Bytes UpdateEncoderV2::finish() {
  lib0::Encoder out;
  out.var_uint(0);  // feature flag
  out.var_bytes(key_clocks_.finish());
  out.var_bytes(clients_.finish());
  out.var_bytes(left_clocks_.finish());
  out.var_bytes(right_clocks_.finish());
  out.var_bytes(infos_.view());
  lib0::Encoder strings;
  strings_.finish(strings);
  out.var_bytes(strings.view());
  out.var_bytes(parent_infos_.view());
  out.var_bytes(type_refs_.finish());
  out.var_bytes(lengths_.finish());
  out.bytes(rest_.view());
  return out.take();
}

}  // namespace bossey::crdt
