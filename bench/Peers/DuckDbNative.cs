using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>The few calls of DuckDB's C interface that bench needs.</summary>
internal static unsafe partial class DuckDbNative
{
    /// <summary>The name of the library.</summary>
    public const string Library = "libduckdb.so";

    /// <summary>duckdb_type of FLOAT.</summary>
    public const int Float = 10;

    /// <summary>duckdb_type of BIGINT.</summary>
    public const int BigInt = 5;

    /// <summary>duckdb_type of BLOB.</summary>
    public const int Blob = 18;

    /// <summary>Bytes that the caller frees.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct BlobValue
    {
        /// <summary>Where they are.</summary>
        public void* Data;

        /// <summary>How many.</summary>
        public long Length;
    }

    /// <summary>A result, as large as the library's struct; its fields are not read.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Result
    {
        private fixed long _fields[6];
    }

    [LibraryImport(Library, EntryPoint = "duckdb_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string? path, out nint database);

    [LibraryImport(Library, EntryPoint = "duckdb_connect")]
    public static partial int Connect(nint database, out nint connection);

    [LibraryImport(Library, EntryPoint = "duckdb_disconnect")]
    public static partial void Disconnect(ref nint connection);

    [LibraryImport(Library, EntryPoint = "duckdb_close")]
    public static partial void Close(ref nint database);

    [LibraryImport(
        Library, EntryPoint = "duckdb_query", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Query(nint connection, string sql, out Result result);

    [LibraryImport(
        Library, EntryPoint = "duckdb_prepare", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Prepare(nint connection, string sql, out nint statement);

    [LibraryImport(
        Library, EntryPoint = "duckdb_bind_varchar", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BindText(nint statement, long ordinal, string value);

    [LibraryImport(Library, EntryPoint = "duckdb_bind_int64")]
    public static partial int BindInt64(nint statement, long ordinal, long value);

    [LibraryImport(Library, EntryPoint = "duckdb_bind_blob")]
    public static partial int BindBlob(
        nint statement, long ordinal, ReadOnlySpan<byte> value, long length);

    [LibraryImport(Library, EntryPoint = "duckdb_execute_prepared")]
    public static partial int Execute(nint statement, out Result result);

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_prepare")]
    public static partial void DestroyPrepared(ref nint statement);

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_result")]
    public static partial void DestroyResult(ref Result result);

    [LibraryImport(Library, EntryPoint = "duckdb_value_int64")]
    public static partial long ValueInt64(ref Result result, long column, long row);

    [LibraryImport(Library, EntryPoint = "duckdb_value_blob")]
    public static partial BlobValue ValueBlob(ref Result result, long column, long row);

    [LibraryImport(Library, EntryPoint = "duckdb_free")]
    public static partial void Free(void* memory);

    [LibraryImport(Library, EntryPoint = "duckdb_row_count")]
    public static partial long RowCount(ref Result result);

    [LibraryImport(
        Library, EntryPoint = "duckdb_appender_create",
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AppenderCreate(
        nint connection, string? schema, string table, out nint appender);

    [LibraryImport(Library, EntryPoint = "duckdb_append_data_chunk")]
    public static partial int AppendDataChunk(nint appender, nint chunk);

    [LibraryImport(Library, EntryPoint = "duckdb_appender_destroy")]
    public static partial int AppenderDestroy(ref nint appender);

    [LibraryImport(Library, EntryPoint = "duckdb_create_logical_type")]
    public static partial nint CreateLogicalType(int type);

    [LibraryImport(Library, EntryPoint = "duckdb_create_array_type")]
    public static partial nint CreateArrayType(nint type, long size);

    [LibraryImport(Library, EntryPoint = "duckdb_create_data_chunk")]
    public static partial nint CreateDataChunk(nint* types, long columns);

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_data_chunk")]
    public static partial void DestroyDataChunk(ref nint chunk);

    [LibraryImport(Library, EntryPoint = "duckdb_data_chunk_get_vector")]
    public static partial nint ChunkVector(nint chunk, long column);

    [LibraryImport(Library, EntryPoint = "duckdb_data_chunk_set_size")]
    public static partial void SetChunkSize(nint chunk, long rows);

    [LibraryImport(Library, EntryPoint = "duckdb_vector_get_data")]
    public static partial void* VectorData(nint vector);

    [LibraryImport(Library, EntryPoint = "duckdb_vector_assign_string_element_len")]
    public static partial void AssignBytes(
        nint vector, long row, ReadOnlySpan<byte> value, long length);

    [LibraryImport(Library, EntryPoint = "duckdb_array_vector_get_child")]
    public static partial nint ArrayChild(nint vector);

    [LibraryImport(Library, EntryPoint = "duckdb_vector_size")]
    public static partial long VectorSize();

    [LibraryImport(Library, EntryPoint = "duckdb_appender_end_row")]
    public static partial int AppenderEndRow(nint appender);

    [LibraryImport(Library, EntryPoint = "duckdb_append_int64")]
    public static partial int AppendInt64(nint appender, long value);

    [LibraryImport(Library, EntryPoint = "duckdb_append_double")]
    public static partial int AppendDouble(nint appender, double value);

    [LibraryImport(Library, EntryPoint = "duckdb_append_date")]
    public static partial int AppendDate(nint appender, int days);

    [LibraryImport(Library, EntryPoint = "duckdb_append_varchar_length")]
    public static partial int AppendText(
        nint appender, ReadOnlySpan<byte> text, long length);

    [LibraryImport(Library, EntryPoint = "duckdb_column_count")]
    public static partial long ColumnCount(ref Result result);

    [LibraryImport(Library, EntryPoint = "duckdb_value_varchar")]
    public static partial byte* ValueText(ref Result result, long column, long row);

    [LibraryImport(Library, EntryPoint = "duckdb_result_error")]
    public static partial nint ResultError(ref Result result);
}
