using NeuroDb.Data;

namespace NeuroDb.Tests.Unit;

/// <summary>Encrypted databases through the public API.</summary>
public sealed class EncryptionTests
{
    private const string Root = "/memory/encrypted";

    [Fact]
    public void Rows_come_back_with_the_key_that_was_disposed_after_opening()
    {
        var files = new MemoryFileSystem();
        EncryptionKey key = EncryptionFixture.Key();
        using (NeuroStore database = Open(files, key))
        {
            key.Dispose();
            database.Execute("CREATE TABLE t (s TEXT); INSERT INTO t VALUES ('secret')");
        }

        using NeuroStore again = Open(files, EncryptionFixture.Key());
        Assert.Equal("secret", again.QueryScalar<string>("SELECT s FROM t"));
    }

    [Fact]
    public void Rekey_changes_the_key_for_the_next_opening()
    {
        var files = new MemoryFileSystem();
        using (NeuroStore database = Open(files, EncryptionFixture.Key()))
        {
            using EncryptionKey other = EncryptionFixture.Key(0x43);
            database.Rekey(other);
            database.Execute("CREATE TABLE t (a INTEGER)");
        }

        Assert.Equal(
            ErrorCode.WrongKey,
            EncryptionFixture.CodeOf(() => Open(files, EncryptionFixture.Key()).Dispose()));
        using NeuroStore again = Open(files, EncryptionFixture.Key(0x43));
        Assert.Equal(0, again.QueryScalar<long>("SELECT count(*) FROM t"));
        Assert.Throws<ArgumentNullException>(() => again.Rekey(null!));
    }

    [Fact]
    public void A_connection_opens_by_password_and_does_not_show_it()
    {
        string folder = Directory.CreateTempSubdirectory("neurostore").FullName;
        try
        {
            string path = Path.Combine(folder, "db");
            string text = $"Data Source={path};Password=open sesame";
            using (var connection = new NeuroConnection(text))
            {
                connection.Open();
                Assert.DoesNotContain(
                    "sesame", connection.ConnectionString, StringComparison.Ordinal);
                Assert.Equal(ErrorCode.KeyRequired, Refusal($"Data Source={path}"));
                Assert.Equal(ErrorCode.WrongKey, Refusal($"Data Source={path};Pwd=other"));
                using var second = new NeuroConnection(text);
                second.Open();
                connection.Close();
                connection.Open();
            }

            Assert.Equal(ErrorCode.KeyRequired, Refusal($"Data Source={path}"));
            using var source = new NeuroDataSource(text);
            Assert.DoesNotContain("sesame", source.ConnectionString, StringComparison.Ordinal);
            using NeuroConnection third = source.OpenConnection();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_database_in_memory_takes_a_key_and_needs_none()
    {
        using EncryptionKey key = EncryptionFixture.Key();
        using NeuroStore database = NeuroStore.OpenInMemory(
            new NeuroStoreOptions { EncryptionKey = key });
        Assert.Equal(1, database.QueryScalar<long>("SELECT 1"));
        Assert.Equal(
            ErrorCode.NotEncrypted, EncryptionFixture.CodeOf(() => database.Rekey(key)));
    }

    private static ErrorCode Refusal(string connectionString) => EncryptionFixture.CodeOf(() =>
    {
        using var connection = new NeuroConnection(connectionString);
        connection.Open();
    });

    private static NeuroStore Open(MemoryFileSystem files, EncryptionKey key) => NeuroStore.Open(
        Root,
        new NeuroStoreOptions
        {
            EncryptionKey = key,
            Seams = SystemSeams.Real() with { Files = files, Workers = new InlineWorkers() },
        });
}
