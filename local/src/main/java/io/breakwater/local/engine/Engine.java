package io.breakwater.local.engine;

import java.net.URI;

/** One embedded AWS service, listening on a free port of 127.0.0.1. */
interface Engine extends AutoCloseable {
    String LOOPBACK = "127.0.0.1";

    URI endpoint();

    @Override
    void close();

    static URI endpoint(int port) {
        return URI.create("http://" + LOOPBACK + ":" + port);
    }
}
