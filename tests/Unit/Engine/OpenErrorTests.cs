using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.Versioning;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Directories that cannot be opened: a typed error, nothing made and nothing changed.
/// </summary>
public sealed class OpenErrorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("neurostore").FullName;

    private string DatabasePath => Path.Combine(_folder, "db");

    [Fact]
    public void A_file_is_not_opened()
    {
        File.WriteAllText(DatabasePath, "not a database");
        Assert.Equal(ErrorCode.PathIsFile, Refusal(DatabasePath));
        Assert.Equal(ErrorCode.PathIsFile, Refusal(DatabasePath + "/"));
    }

    [Fact]
    public void The_name_of_memory_is_no_directory()
    {
        using (NeuroStore database = NeuroStore.Open(":memory:"))
        {
            database.Execute("CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (7)");
            Assert.Equal(7, database.QueryScalar<int>("SELECT i FROM t"));
            Assert.Equal(string.Empty, database.Path);
        }

        Assert.False(Directory.Exists(":memory:"));
        using NeuroStore other = NeuroStore.Open(":memory:");
        Assert.Equal(0, other.QueryScalar<int>(
            "SELECT count(*) FROM information_schema.tables WHERE table_name = 't'"));
    }

    [Fact]
    public void A_directory_below_a_file_is_not_made()
    {
        File.WriteAllText(DatabasePath, "not a database");
        Assert.Equal(ErrorCode.InputOutput, Refusal(Path.Combine(DatabasePath, "deeper")));
    }

    [Fact]
    public void A_directory_of_others_is_not_touched()
    {
        Directory.CreateDirectory(DatabasePath);
        File.WriteAllText(Path.Combine(DatabasePath, "notes.txt"), "mine");
        Assert.Equal(ErrorCode.NotADatabase, Refusal(DatabasePath));
        File.Move(Path.Combine(DatabasePath, "notes.txt"), Path.Combine(DatabasePath, "LOCK"));
        Assert.Equal(ErrorCode.NotADatabase, Refusal(DatabasePath));
        Directory.CreateDirectory(Path.Combine(DatabasePath, "wal"));
        File.WriteAllText(Path.Combine(DatabasePath, "wal", "log.0"), "mine");
        Assert.Contains(
            Refusal(DatabasePath), (ErrorCode[])[ErrorCode.NotADatabase, ErrorCode.Corruption]);
    }

    [Fact]
    public void A_database_is_opened_once_in_a_process()
    {
        using NeuroStore first = Create();
        Assert.Equal(ErrorCode.DatabaseLocked, OpenError(DatabasePath).Code);
        Assert.Equal(ErrorCode.DatabaseLocked, OpenError(DatabasePath + "/").Code);
        Assert.Equal(
            ErrorCode.DatabaseLocked, OpenError(Path.Combine(_folder, ".", "db")).Code);
        Assert.Equal(1, first.QueryScalar<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_database_is_opened_by_one_process()
    {
        Create().Dispose();
        string shell = Path.Combine(AppContext.BaseDirectory, "NeuroStore.Cli.dll");
        var start = new ProcessStartInfo("dotnet", [shell, DatabasePath, "--format", "csv"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process other = Process.Start(start)!;
        other.StandardInput.WriteLine("SELECT count(*) AS n FROM t;");
        other.StandardInput.Flush();
        Assert.Equal("n", other.StandardOutput.ReadLine());
        NeuroStoreException error = OpenError(DatabasePath);
        Assert.Equal(ErrorCode.DatabaseLocked, error.Code);
        Assert.Contains($"process {other.Id} ", error.Message, StringComparison.Ordinal);
        other.StandardInput.Close();
        other.WaitForExit();
        using NeuroStore again = NeuroStore.Open(DatabasePath);
        Assert.Equal(1, again.QueryScalar<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_newer_format_is_not_opened()
    {
        Create().Dispose();
        Change(Path.Combine(DatabasePath, "SUPER"), bytes =>
        {
            for (int start = 0; start < bytes.Length; start += SuperBlock.SlotSizeBytes)
            {
                Span<byte> slot = bytes.AsSpan(start, SuperBlock.SlotSizeBytes);
                slot[8] = 99;
                BinaryPrimitives.WriteUInt32LittleEndian(
                    slot[^4..], Crc32C.Compute(slot[..^4]));
            }
        });
        Assert.Equal(ErrorCode.NewerFormat, Refusal(DatabasePath));
    }

    [Theory]
    [InlineData("SUPER", 0)]
    [InlineData("wal/log.0", 5000)]
    [InlineData("wal/log.0", 500_000)]
    [InlineData("wal/watermark", 20)]
    public void A_damaged_file_is_not_opened(string name, int offset)
    {
        Create().Dispose();
        Change(Path.Combine(DatabasePath, name), bytes =>
        {
            bytes[offset] ^= 4;
            bytes[^1] ^= (byte)(name == "SUPER" ? 1 : 0);
        });
        Assert.Equal(ErrorCode.Corruption, Refusal(DatabasePath));
    }

    [Theory]
    [InlineData("SUPER")]
    [InlineData("wal/log.0")]
    [InlineData("wal/watermark")]
    public void A_missing_file_is_damage(string name)
    {
        Create().Dispose();
        File.Delete(Path.Combine(DatabasePath, name));
        Assert.Equal(ErrorCode.Corruption, Refusal(DatabasePath));
    }

    [Fact]
    public void A_missing_log_directory_is_damage()
    {
        Create().Dispose();
        Directory.Delete(Path.Combine(DatabasePath, "wal"), recursive: true);
        Assert.Equal(ErrorCode.Corruption, Refusal(DatabasePath));
    }

    [UnprivilegedFact]
    [UnsupportedOSPlatform("windows")]
    public void A_directory_without_rights_is_not_opened()
    {
        Create().Dispose();
        File.SetUnixFileMode(DatabasePath, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            foreach (string file in Directory.GetFiles(DatabasePath))
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead);
            }

            Assert.Equal(ErrorCode.InputOutput, OpenError(DatabasePath).Code);
        }
        finally
        {
            File.SetUnixFileMode(
                DatabasePath,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void A_full_disk_fails_a_creation_that_succeeds_when_there_is_room()
    {
        int operations = 0;
        for (int room = 0; room <= operations || room == 0; room++)
        {
            var files = new MemoryFileSystem { FailFrom = room };
            try
            {
                OpenOn(files).Dispose();
                Assert.True(files.OperationCount <= room);
            }
            catch (NeuroStoreException error)
            {
                Assert.Equal(ErrorCode.InputOutput, error.Code);
                operations = room + 1;
            }

            files.FailFrom = int.MaxValue;
            using NeuroStore database = OpenOn(files);
            database.Execute("CREATE TABLE t (a INTEGER)");
        }

        Assert.InRange(operations, 5, 1000);
    }

    [Fact]
    public void A_full_disk_loses_nothing_that_was_committed()
    {
        var files = new MemoryFileSystem();
        long stored = 0;
        NeuroStore database = OpenOn(files);
        database.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, s TEXT)");
        files.FailFrom = files.OperationCount + 25;
        try
        {
            while (true)
            {
                database.Execute(
                    "INSERT INTO t VALUES (?, ?)", stored, new string('s', 60_000));
                stored++;
            }
        }
        catch (NeuroStoreException error)
        {
            Assert.Equal(ErrorCode.InputOutput, error.Code);
        }

        Assert.Equal(stored, database.QueryScalar<long>("SELECT count(*) FROM t"));
        Assert.Equal(
            ErrorCode.DatabaseStopped,
            Assert.Throws<NeuroStoreException>(() => database.Execute("DELETE FROM t")).Code);
        database.Dispose();
        files.FailFrom = int.MaxValue;
        using NeuroStore again = OpenOn(files);
        long found = again.QueryScalar<long>("SELECT count(*) FROM t");
        Assert.InRange(found, stored, stored + 1);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static NeuroStore OpenOn(MemoryFileSystem files) => NeuroStore.Open(
        "/full/db",
        new NeuroStoreOptions
        {
            Seams = SystemSeams.Real() with { Files = files, Workers = new InlineWorkers() },
        });

    private static NeuroStoreException OpenError(string path) =>
        Assert.ThrowsAny<NeuroStoreException>(() => NeuroStore.Open(path).Dispose());

    private static void Change(string path, Action<byte[]> change)
    {
        byte[] bytes = File.ReadAllBytes(path);
        change(bytes);
        File.WriteAllBytes(path, bytes);
    }

    private NeuroStore Create()
    {
        NeuroStore database = NeuroStore.Open(DatabasePath);
        database.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY); INSERT INTO t VALUES (1)");
        return database;
    }

    /// <summary>The code of the refusal, after a look that all files are as before.</summary>
    private ErrorCode Refusal(string path)
    {
        SortedDictionary<string, string> before = Files();
        ErrorCode code = OpenError(path).Code;
        Assert.Equal(before, Files());
        return code;
    }

    private SortedDictionary<string, string> Files()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in Directory.GetFileSystemEntries(
            _folder, "*", SearchOption.AllDirectories))
        {
            // The note in LOCK names the last process that tried.
            bool isCompared = File.Exists(path)
                && (Path.GetFileName(path) != "LOCK" || new FileInfo(path).Length < 10);
            files[path] = isCompared ? Convert.ToBase64String(File.ReadAllBytes(path)) : "";
        }

        return files;
    }
}
