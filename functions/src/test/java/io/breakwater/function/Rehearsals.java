package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What every function's rehearsal is held to. */
public final class Rehearsals {
    private Rehearsals() {}

    /** Has it rehearse as in Lambda. */
    public static void assertReadsOnceAndNeitherWritesNorCallsAModelNorCounts(Consumer<Settings> rehearse)
            throws IOException {
        PrintStream standardOutput = System.out;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        try (RecordingAws aws = new RecordingAws()) {
            rehearse.accept(aws.settings());

            assertThat(aws.requests()).containsExactly("DynamoDB_20120810.GetItem");
            assertThat(written.size()).isZero();
        } finally {
            System.setOut(standardOutput);
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }
}
