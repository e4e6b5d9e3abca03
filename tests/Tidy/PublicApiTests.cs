using System.Reflection;

namespace NeuroDb.Tests.Tidy;

/// <summary>What users see changes only on purpose: the approved list changes with it.</summary>
public sealed class PublicApiTests
{
    private const string Approved = "tests/Tidy/PublicApi.approved.txt";
    private const string Update = "NEUROSTORE_APPROVE_API";

    private static readonly string[] Current =
        PublicSurface.Of(Assembly.Load("NeuroStore"), Assembly.Load("NeuroStore.Core"));

    [Fact]
    public void The_public_api_is_the_approved_one()
    {
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(
                RepositoryTree.FullPath(Approved), string.Join('\n', Current) + "\n");
        }

        string[] approved = File.Exists(RepositoryTree.FullPath(Approved))
            ? RepositoryTree.Read(Approved).TrimEnd('\n').Split('\n')
            : [];
        Rule.Holds(
            $"If the change is meant, run `{Update}=1 dotnet test tests/Tidy --filter PublicApi` "
            + $"and commit {Approved}.",
            [
                .. Current.Except(approved).Select(line => "+ " + line),
                .. approved.Except(Current).Select(line => "- " + line),
            ]);
    }

    [Fact]
    public void Public_types_stand_in_the_two_namespaces_of_users()
    {
        IEnumerable<string> found =
            from name in (string[])["NeuroStore", "NeuroStore.Core"]
            from type in Assembly.Load(name).GetExportedTypes()
            where type.Namespace is not ("NeuroDb" or "NeuroDb.Data")
            select type.FullName;
        Rule.Holds("Users open NeuroDb, or NeuroDb.Data for ADO.NET.", found);
    }

    [Fact]
    public void Public_signatures_show_no_type_of_a_foreign_package()
    {
        string[] foreign = ["FASTER", "Antlr4", "ILGPU", "Spectre"];
        IEnumerable<string> found =
            from line in Current
            where foreign.Any(name => line.Contains(name, StringComparison.Ordinal))
            select line;
        Rule.Holds("A library behind a folder stays behind it.", found);
    }
}
