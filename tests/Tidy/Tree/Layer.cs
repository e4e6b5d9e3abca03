namespace NeuroDb.Tests.Tidy;

/// <summary>One layer of the house.</summary>
/// <param name="Folder">Its folder at the top of the repository.</param>
/// <param name="Assembly">The name of its assembly and project.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Sees">The folders of the layers that it imports.</param>
internal sealed record Layer(string Folder, string Assembly, string Namespace, string[] Sees)
{
    /// <summary>The path of its project file.</summary>
    public string Project => $"{Folder}/{Assembly}.csproj";

    /// <summary>Its compiled assembly, beside this test.</summary>
    public string AssemblyPath => Path.Combine(AppContext.BaseDirectory, Assembly + ".dll");
}
