package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {
    @Test
    void aHostIsEnough() {
        assertThat(RedisAddress.parse("redis://cache"))
                .isEqualTo(new RedisAddress("cache", 6379, false, Optional.empty(), Optional.empty(), 0));
    }

    @Test
    void readsEveryPart() {
        assertThat(RedisAddress.parse("rediss://breakwater:p%40s:s@cache.internal:6380/2"))
                .isEqualTo(new RedisAddress(
                        "cache.internal", 6380, true, Optional.of("breakwater"), Optional.of("p@s:s"), 2));
        assertThat(RedisAddress.parse("redis://:secret@cache/").user()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret",
                "http://:secret@cache",
                "redis:secret",
                "redis:///secret",
                "redis://secret@cache",
                "redis://:secret@cache:99999",
                "redis://:secret@cache/zero",
                "redis://:secret@cache/1/2",
                "redis://:secret@cache/1?protocol=3",
                "redis://:se cret@cache",
                "redis://:secret/@cache"
            })
    void saysWhatAUrlLooksLikeAndShowsNothingOfIt(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisAddress.parse(url))
                .withMessage("not of the form redis://[[user]:password@]host[:port][/database], or rediss:// for TLS")
                .withNoCause();
    }

    @Test
    void showsNoPassword() {
        assertThat(RedisAddress.parse("rediss://me:secret@cache/2")).hasToString("rediss://cache:6379/2");
    }
}
