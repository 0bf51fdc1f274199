package io.breakwater.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a {@link ResultStore} promises, whatever it is made of. */
abstract class ResultStoreContract {
    private static final AtomicInteger TESTS = new AtomicInteger();

    final String key = ResultStore.resultKey("job-" + TESTS.incrementAndGet(), "claim");

    abstract ResultStore store();

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", " \r\n\t ", "Grüße 你好 مرحبا", "👩‍👩‍👧‍👦 e\u0301 \uDBFF\uDFFF", "\u0000\uFEFF\u2028"})
    void aTextComesBackUnchanged(String text) {
        // When
        store().put(key, text);

        // Then
        assertThat(store().get(key)).isEqualTo(text);
    }

    @Test
    void aLongTextComesBackUnchanged() {
        // Given
        String text = "sea, 海 ".repeat(200_000);

        // When
        store().put(key, text);

        // Then
        assertThat(store().get(key)).isEqualTo(text);
    }

    @Test
    void aSecondTextTakesTheFirstsPlace() {
        // Given
        store().put(key, "first");

        // When
        store().put(key, "second");

        // Then
        assertThat(store().get(key)).isEqualTo("second");
    }

    @Test
    void aKeyWithoutAnObjectIsNamed() {
        assertThatThrownBy(() -> store().get(key))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining(key);
    }
}
