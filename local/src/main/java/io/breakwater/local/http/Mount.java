package io.breakwater.local.http;

/** Answers the requests under one path that never reach the request function, such as the simulator's control. */
@FunctionalInterface
public interface Mount {
    Answer handle(String method, String path, String body);

    /** A text answer. */
    record Answer(int status, String contentType, String body) {}
}
