package io.breakwater.function;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * Events and answers as they are on Lambda's wire. The functions read and write them themselves: Lambda's runtime client
 * would load a Jackson of its own for it, hundreds of classes more in each cold start.
 */
public final class EventJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
            .addMixIn(SQSEvent.class, Batch.class)
            .addMixIn(SQSMessage.class, Message.class)
            .build();

    private EventJson() {}

    public static <E> E read(InputStream event, Class<E> type) throws IOException {
        return MAPPER.readValue(event, type);
    }

    public static void write(OutputStream target, Object value) throws IOException {
        MAPPER.writeValue(target, value);
    }

    private interface Batch {
        @JsonProperty("Records")
        List<SQSMessage> getRecords();

        @JsonProperty("Records")
        void setRecords(List<SQSMessage> records);
    }

    private interface Message {
        @JsonProperty("eventSourceARN")
        String getEventSourceArn();

        @JsonProperty("eventSourceARN")
        void setEventSourceArn(String arn);
    }
}
