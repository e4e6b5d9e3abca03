namespace NeuroDb.Tests.Simulation;

/// <summary>The statements of maintenance that this build of the engine has.</summary>
internal static class Statements
{
    private static readonly Lazy<string[]> Found = new(
        static () => [.. ((string[])["CHECKPOINT", "VACUUM"]).Where(Exists)]);

    /// <summary>Those that exist.</summary>
    public static IReadOnlyList<string> Maintenance => Found.Value;

    private static bool Exists(string sql)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        try
        {
            database.Execute(sql);
            return true;
        }
        catch (NeuroStoreException error)
        {
            return error.Code != ErrorCode.SyntaxError;
        }
    }
}
