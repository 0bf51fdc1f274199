package io.breakwater.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {
    private static final List<String> KNOWN = List.of("prompt", "messages", "maxTokens", "id");

    @ParameterizedTest
    @CsvSource({"promt, prompt", "prompts, prompt", "PROMPT, prompt", "max_tokens, maxTokens", "message, messages"})
    void whatWasMeantIsFound(String written, String meant) {
        assertThat(Spelling.nearest(written, KNOWN)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "model", "temperature", "xy", "🌊"})
    void whatIsFarFromEverythingIsNoGuess(String written) {
        assertThat(Spelling.nearest(written, KNOWN)).isEmpty();
    }

    @Test
    void aSuggestionEndsASentence() {
        assertThat(Spelling.suggestion("promt", KNOWN)).isEqualTo("; did you mean \"prompt\"?");
        assertThat(Spelling.suggestion("colour", KNOWN)).isEmpty();
    }
}
