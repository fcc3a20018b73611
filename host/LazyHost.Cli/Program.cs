using LazyHost.Cli;

return await CommandLine.RunAsync(args);
