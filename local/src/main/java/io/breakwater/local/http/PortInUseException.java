package io.breakwater.local.http;

import java.io.IOException;

/** The port to listen on cannot be had. The message is fit to show as it is. */
public final class PortInUseException extends IOException {
    private static final long serialVersionUID = 1;

    PortInUseException(int port, IOException cause) {
        super(
                "cannot listen on 127.0.0.1:%d (%s): stop what uses the port, or choose another with --port"
                        .formatted(port, cause.getMessage()),
                cause);
    }
}
