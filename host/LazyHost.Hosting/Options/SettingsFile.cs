using Microsoft.Extensions.Configuration;

namespace LazyHost.Hosting;

/// <summary>Reads settings files.</summary>
public static class SettingsFile
{
    /// <summary>Reads a JSON file where there is one, and environment variables over it.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read as JSON; the message has its name and the position.</exception>
    public static IConfigurationRoot Load(string path)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(path), optional: true).AddEnvironmentVariables().Build();
        }
        catch (InvalidDataException e) { throw new ConfigurationException($"the settings file {path} is malformed: {e.GetBaseException().Message}", e); }
    }
}
