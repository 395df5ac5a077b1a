/* Names of the status codes. */
#include "tunelab/api.h"

const char *tl_status_name(tl_status status) {
  switch (status) {
  case TL_OK:
    return "TL_OK";
  case TL_ERR_ARGUMENT:
    return "TL_ERR_ARGUMENT";
  case TL_ERR_MEMORY:
    return "TL_ERR_MEMORY";
  case TL_ERR_FORMAT:
    return "TL_ERR_FORMAT";
  case TL_ERR_UNSUPPORTED:
    return "TL_ERR_UNSUPPORTED";
  case TL_ERR_MISMATCH:
    return "TL_ERR_MISMATCH";
  case TL_ERR_NUMERIC:
    return "TL_ERR_NUMERIC";
  }
  return "unknown status";
}
