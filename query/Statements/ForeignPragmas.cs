namespace NeuroDb.Query;

/// <summary>
/// PRAGMAs and settings by which users of SQLite, DuckDB and PostgreSQL tune what is not there
/// to be tuned here: read, and told to mean nothing. Those that would change an answer are no part
/// of them.
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

    private static readonly HashSet<string> Settings = new(StringComparer.OrdinalIgnoreCase)
    {
        "allocator_flush_threshold", "checkpoint_threshold", "debug_force_external",
        "debug_window_mode", "disabled_optimizers", "force_compression",
        "ef_search", "immediate_transaction_mode", "iterative_scan", "max_probes",
        "max_scan_tuples", "probes", "scan_mem_multiplier",
        "max_temp_directory_size", "max_vacuum_tasks",
        "memory_limit", "merge_join_threshold", "nested_loop_join_threshold",
        "perfect_ht_threshold", "pivot_filter_threshold", "prefer_range_joins",
        "preserve_insertion_order", "storage_compatibility_version", "temp_directory",
        "temp_file_encryption", "verify_parallelism", "wal_autocheckpoint",
        "application_name",
        "client_encoding",
        "client_min_messages",
        "cpu_index_tuple_cost",
        "cpu_operator_cost",
        "cpu_tuple_cost",
        "cursor_tuple_fraction",
        "default_statistics_target",
        "effective_cache_size",
        "effective_io_concurrency",
        "enable_bitmapscan",
        "enable_gathermerge",
        "enable_hashagg",
        "enable_hashjoin",
        "enable_incremental_sort",
        "enable_indexonlyscan",
        "enable_indexscan",
        "enable_material",
        "enable_memoize",
        "enable_mergejoin",
        "enable_nestloop",
        "enable_parallel_append",
        "enable_parallel_hash",
        "enable_progress_bar",
        "enable_seqscan",
        "enable_sort",
        "enable_tidscan",
        "force_parallel_mode",
        "from_collapse_limit",
        "geqo",
        "geqo_threshold",
        "jit",
        "jit_above_cost",
        "join_collapse_limit",
        "log_min_messages",
        "log_statement",
        "maintenance_work_mem",
        "max_parallel_workers",
        "max_parallel_workers_per_gather",
        "min_parallel_index_scan_size",
        "min_parallel_table_scan_size",
        "parallel_leader_participation",
        "parallel_setup_cost",
        "parallel_tuple_cost",
        "random_page_cost",
        "seq_page_cost",
        "temp_buffers",
        "work_mem",
    };

    /// <summary>What is said of such a setting; null for another statement.</summary>
    public static string? NoticeOf(StatementSyntax syntax) =>
        syntax switch
        {
            PragmaStatementSyntax pragma when Names.Contains(pragma.Name.Last) =>
                $"PRAGMA {pragma.Name.Last} means nothing here and was ignored.",
            SetStatementSyntax set when Settings.Contains(set.Name.Last) =>
                $"The setting {set.Name.Last} means nothing here and was ignored.",
            _ => null,
        };
}
