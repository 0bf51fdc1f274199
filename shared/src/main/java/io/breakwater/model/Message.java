package io.breakwater.model;

import java.util.Objects;

/** One turn of a conversation. */
public record Message(Role role, String content) {
    public Message {
        Objects.requireNonNull(role);
        Objects.requireNonNull(content);
    }

    /** Who speaks. */
    public enum Role {
        USER,
        ASSISTANT
    }
}
