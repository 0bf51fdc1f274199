package io.breakwater.local.http;

import io.breakwater.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** An RFC 9457 problem that the front itself reports. */
record Problem(int status, String title, String detail) {
    static final String CONTENT_TYPE = "application/problem+json";

    String json() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "about:blank");
        members.put("title", title);
        members.put("status", status);
        members.put("detail", detail);
        return Json.write(members);
    }
}
