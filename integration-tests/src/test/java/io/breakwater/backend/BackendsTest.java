package io.breakwater.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendsTest {
    @Test
    void aServersUrlIsAnEndpoint() {
        assertThat(Backends.url("http://127.0.0.1:4566")).isEqualTo(URI.create("http://127.0.0.1:4566"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4566", "127.0.0.1:4566", "localstak", "http://", "http://127.0.0.1:4566/path"})
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Backends.url(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("breakwater.aws.endpoint")
                .hasMessageContaining("http://127.0.0.1:4566")
                .hasMessageContaining(text);
    }
}
