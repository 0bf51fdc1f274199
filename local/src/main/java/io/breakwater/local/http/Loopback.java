package io.breakwater.local.http;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The servers of this process: on 127.0.0.1, and with as many idle connections as their clients keep. */
public final class Loopback {
    static {
        // The JDK reads it when a process makes its first server. Beyond 200 by default it drops idle connections
        // that a pooling client is about to use again, which would look like an outage that nobody ordered.
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    }

    private Loopback() {}

    /**
     * A server that is not started yet.
     *
     * @param port 0 for any free one
     * @param backlog connections that may wait to be accepted
     */
    public static HttpServer server(int port, int backlog) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        return HttpServer.create(new InetSocketAddress(loopback, port), backlog);
    }
}
