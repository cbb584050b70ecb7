package com.example.cell;

import lombok.Value;

@Value
public class Job {
    int slot;
}
