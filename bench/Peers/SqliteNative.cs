using System.Runtime.InteropServices;
using System.Text;

namespace NeuroDb.Bench;

/// <summary>The few calls of SQLite's C interface that bench needs.</summary>
internal static unsafe partial class SqliteNative
{
    /// <summary>The name of the library.</summary>
    public const string Library = "libsqlite3.so.0";

    /// <summary>A row is ready.</summary>
    public const int Row = 100;

    /// <summary>There are no more rows.</summary>
    public const int Done = 101;

    [LibraryImport(
        Library, EntryPoint = "sqlite3_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, out nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_close_v2")]
    public static partial int Close(nint database);

    [LibraryImport(
        Library, EntryPoint = "sqlite3_exec", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Execute(
        nint database, string sql, nint callback, nint argument, out nint error);

    [LibraryImport(Library, EntryPoint = "sqlite3_prepare_v2")]
    public static partial int Prepare(
        nint database, byte[] sql, int length, out nint statement, out nint tail);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_finalize")]
    public static partial int FinalizeStatement(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64")]
    public static partial int BindInt64(nint statement, int ordinal, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_double")]
    public static partial int BindDouble(nint statement, int ordinal, double value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    public static partial int BindBlob(
        nint statement, int ordinal, ReadOnlySpan<float> value, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    public static partial int BindBlob(
        nint statement, int ordinal, ReadOnlySpan<byte> value, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    public static partial int BindText(
        nint statement, int ordinal, ReadOnlySpan<byte> value, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_text")]
    public static partial nint ColumnText(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_count")]
    public static partial int ColumnCount(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_interrupt")]
    public static partial void Interrupt(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    public static partial byte* ColumnBlob(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    public static partial int ColumnBytes(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    public static partial long ColumnInt64(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_double")]
    public static partial double ColumnDouble(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_enable_load_extension")]
    public static partial int EnableLoadExtension(nint database, int on);

    [LibraryImport(
        Library, EntryPoint = "sqlite3_load_extension",
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LoadExtension(
        nint database, string path, string? entryPoint, out nint error);

    /// <summary>Runs a statement without parameters and rows.</summary>
    public static void Execute(nint database, string sql)
    {
        int code = Execute(database, sql, 0, 0, out nint error);
        if (code != 0)
        {
            throw new InvalidOperationException(
                $"SQLite error {code}: {Marshal.PtrToStringUTF8(error)}");
        }
    }

    /// <summary>Prepares a statement.</summary>
    public static nint Prepare(nint database, string sql)
    {
        byte[] text = Encoding.UTF8.GetBytes(sql);
        int code = Prepare(database, text, text.Length, out nint statement, out _);
        return code == 0
            ? statement
            : throw new InvalidOperationException($"SQLite error {code} in {sql}");
    }
}
