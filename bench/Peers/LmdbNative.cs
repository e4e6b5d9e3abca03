using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>The few calls of LMDB's C interface that bench needs.</summary>
internal static unsafe partial class LmdbNative
{
    /// <summary>The name of the library.</summary>
    public const string Library = "liblmdb.so.0";

    /// <summary>MDB_RDONLY.</summary>
    public const int ReadOnly = 0x20000;

    /// <summary>MDB_NOSYNC.</summary>
    public const int NoSync = 0x10000;

    /// <summary>MDB_INTEGERKEY with MDB_CREATE.</summary>
    public const int IntegerKeys = 0x08 | 0x40000;

    /// <summary>MDB_FIRST.</summary>
    public const int First = 0;

    /// <summary>MDB_NEXT.</summary>
    public const int Next = 8;

    /// <summary>MDB_SET_RANGE: the first key that is not below the one given.</summary>
    public const int SetRange = 17;

    /// <summary>Bytes of a key or a value, owned by the map or the caller.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Bytes
    {
        /// <summary>How many.</summary>
        public nint Length;

        /// <summary>Where they are.</summary>
        public void* Data;
    }

    [LibraryImport(Library, EntryPoint = "mdb_env_create")]
    public static partial int CreateEnvironment(out nint environment);

    [LibraryImport(Library, EntryPoint = "mdb_env_set_mapsize")]
    public static partial int SetMapSize(nint environment, long sizeBytes);

    [LibraryImport(
        Library, EntryPoint = "mdb_env_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(nint environment, string path, int flags, int mode);

    [LibraryImport(Library, EntryPoint = "mdb_env_close")]
    public static partial void Close(nint environment);

    [LibraryImport(Library, EntryPoint = "mdb_txn_begin")]
    public static partial int Begin(
        nint environment, nint parent, int flags, out nint transaction);

    [LibraryImport(Library, EntryPoint = "mdb_txn_commit")]
    public static partial int Commit(nint transaction);

    [LibraryImport(Library, EntryPoint = "mdb_txn_abort")]
    public static partial void Abort(nint transaction);

    [LibraryImport(Library, EntryPoint = "mdb_dbi_open")]
    public static partial int OpenTable(nint transaction, nint name, int flags, out int table);

    [LibraryImport(Library, EntryPoint = "mdb_put")]
    public static partial int Put(
        nint transaction, int table, Bytes* key, Bytes* value, int flags);

    [LibraryImport(Library, EntryPoint = "mdb_get")]
    public static partial int Get(nint transaction, int table, Bytes* key, Bytes* value);

    [LibraryImport(Library, EntryPoint = "mdb_cursor_open")]
    public static partial int OpenCursor(nint transaction, int table, out nint cursor);

    [LibraryImport(Library, EntryPoint = "mdb_cursor_get")]
    public static partial int Move(nint cursor, Bytes* key, Bytes* value, int operation);

    [LibraryImport(Library, EntryPoint = "mdb_cursor_close")]
    public static partial void CloseCursor(nint cursor);
}
