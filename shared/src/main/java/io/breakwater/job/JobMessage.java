package io.breakwater.job;

/** What travels on the queue: a job's id and generation, no payload. */
public record JobMessage(String jobId, int generation) {}
