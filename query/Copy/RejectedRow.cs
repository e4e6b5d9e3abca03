namespace NeuroDb.Query;

/// <summary>A row of a file that was not loaded.</summary>
/// <param name="Line">Its line, or its ordinal in a binary file, from 1.</param>
/// <param name="Column">The column at fault; null if it is the row as a whole.</param>
/// <param name="Reason">What is wrong.</param>
/// <param name="Text">The row as the file has it, at most its first characters.</param>
internal sealed record RejectedRow(long Line, string? Column, string Reason, string Text);
