package io.breakwater.function.worker;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.breakwater.job.JobMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which messages of a batch may be served at once. What is delivered again may have killed the worker that had it, and a
 * fresh message says so of its job itself: each of these is a group of its own, after all others.
 */
final class SuspectsLast {
    private static final String RECEIVE_COUNT = "ApproximateReceiveCount";
    private static final String FIRST = "1";

    private SuspectsLast() {}

    static List<List<SQSMessage>> groups(List<SQSMessage> batch) {
        Map<Boolean, List<SQSMessage>> bySuspicion =
                batch.stream().collect(Collectors.partitioningBy(SuspectsLast::isSuspect));
        List<List<SQSMessage>> groups = new ArrayList<>();
        groups.add(bySuspicion.getOrDefault(false, List.of()));
        bySuspicion.getOrDefault(true, List.of()).forEach(suspect -> groups.add(List.of(suspect)));
        return groups;
    }

    private static boolean isSuspect(SQSMessage message) {
        return isRedelivered(message) || saysSo(message);
    }

    static boolean isRedelivered(SQSMessage message) {
        return message.getAttributes() != null
                && !message.getAttributes().getOrDefault(RECEIVE_COUNT, FIRST).equals(FIRST);
    }

    private static boolean saysSo(SQSMessage message) {
        try {
            return JobMessage.parse(message.getBody()).suspect();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
