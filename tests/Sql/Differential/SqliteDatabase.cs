using System.Runtime.InteropServices;

namespace NeuroDb.Tests.Sql;

/// <summary>
/// An in-memory database of the SQLite library that the machine may have, as a second opinion.
/// </summary>
internal sealed partial class SqliteDatabase : IDisposable
{
    private const string Library = "libsqlite3.so.0";
    private const int Row = 100;
    private const int Done = 101;

    private readonly nint _handle;

    public SqliteDatabase()
    {
        if (Open(":memory:", out _handle) != 0)
        {
            throw new InvalidOperationException("SQLite does not open a database in memory.");
        }
    }

    /// <summary>Whether the library is on this machine.</summary>
    public static bool IsPresent { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <summary>The rows of a statement; null and the message if it fails.</summary>
    public List<object?[]>? TryQuery(string sql, out string error)
    {
        error = "";
        if (Prepare(_handle, sql, -1, out nint statement, 0) != 0)
        {
            error = Marshal.PtrToStringUTF8(ErrorMessage(_handle)) ?? "error";
            return null;
        }

        try
        {
            var rows = new List<object?[]>();
            int columnCount = ColumnCount(statement);
            int code;
            while ((code = Step(statement)) == Row)
            {
                var row = new object?[columnCount];
                for (int i = 0; i < columnCount; i++)
                {
                    row[i] = Read(statement, i);
                }

                rows.Add(row);
            }

            error = code == Done ? "" : Marshal.PtrToStringUTF8(ErrorMessage(_handle)) ?? "error";
            return code == Done ? rows : null;
        }
        finally
        {
            _ = Finalize(statement);
        }
    }

    public void Dispose() => _ = Close(_handle);

    private static object? Read(nint statement, int column) => ColumnType(statement, column) switch
    {
        1 => ColumnInteger(statement, column),
        2 => ColumnDouble(statement, column),
        3 => Marshal.PtrToStringUTF8(
            ColumnText(statement, column), ColumnBytes(statement, column)),
        4 => throw new NotSupportedException("blobs are not compared"),
        _ => null,
    };

    [LibraryImport(Library, EntryPoint = "sqlite3_open",
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, out nint handle);

    [LibraryImport(Library, EntryPoint = "sqlite3_close")]
    private static partial int Close(nint handle);

    [LibraryImport(Library, EntryPoint = "sqlite3_errmsg")]
    private static partial nint ErrorMessage(nint handle);

    [LibraryImport(Library, EntryPoint = "sqlite3_prepare_v2",
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Prepare(
        nint handle, string sql, int length, out nint statement, nint tail);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    private static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_finalize")]
    private static partial int Finalize(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_count")]
    private static partial int ColumnCount(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type")]
    private static partial int ColumnType(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    private static partial long ColumnInteger(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_double")]
    private static partial double ColumnDouble(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_text")]
    private static partial nint ColumnText(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    private static partial int ColumnBytes(nint statement, int column);
}
