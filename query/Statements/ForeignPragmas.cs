namespace NeuroDb.Query;

/// <summary>
/// PRAGMAs by which SQLite's and DuckDB's users tune what is not there to be tuned here: read, and
/// told to mean nothing. Those that would change an answer are no part of them.
/// </summary>
internal static class ForeignPragmas
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "analysis_limit",
        "auto_vacuum",
        "automatic_index",
        "busy_timeout",
        "cache_size",
        "cache_spill",
        "cell_size_check",
        "checkpoint_fullfsync",
        "disable_checkpoint_on_shutdown",
        "disable_optimizer",
        "disable_profiling",
        "disable_progress_bar",
        "disable_verification",
        "disable_verify_external",
        "disable_verify_parallelism",
        "disable_verify_serializer",
        "enable_checkpoint_on_shutdown",
        "enable_optimizer",
        "enable_profiling",
        "enable_progress_bar",
        "enable_verification",
        "fullfsync",
        "journal_mode",
        "journal_size_limit",
        "locking_mode",
        "mmap_size",
        "optimize",
        "page_size",
        "secure_delete",
        "shrink_memory",
        "synchronous",
        "temp_store",
        "verify_external",
        "verify_parallelism",
        "verify_serializer",
        "wal_autocheckpoint",
    };

    /// <summary>What is said of such a PRAGMA; null for another statement.</summary>
    public static string? NoticeOf(StatementSyntax syntax) =>
        syntax is PragmaStatementSyntax pragma && Names.Contains(pragma.Name.Last)
            ? $"PRAGMA {pragma.Name.Last} means nothing here and was ignored."
            : null;
}
