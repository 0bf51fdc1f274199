package io.breakwater.cost;

/** A thing that AWS counts and charges for. */
public enum Meter {
    API_CALL("API Gateway calls"),
    SQS_REQUEST("SQS requests"),
    WRITE_UNIT("DynamoDB write units, index entries included"),
    READ_UNIT("DynamoDB read units"),
    S3_PUT("S3 puts"),
    S3_GET("S3 gets"),
    INVOCATION("Lambda invocations"),
    LAMBDA_GB_SECOND("Lambda GB-seconds"),
    LOG_KILOBYTE("KB of logs");

    private final String label;

    Meter(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
