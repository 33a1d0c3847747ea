//! Buildah: an image made from nothing, pushed in OCI form.

use roadstead_testkit::{Hub, Tool, media};

#[tokio::test]
async fn an_image_built_from_scratch_is_pushed_in_oci_form() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let home = tempfile::tempdir().unwrap();
    let buildah = |line: &str| {
        let (root, run) = (home.path().join("root"), home.path().join("run"));
        Tool::installed("buildah")
            .args(["--root".as_ref(), root.as_os_str(), "--runroot".as_ref(), run.as_os_str()])
            .line("--storage-driver vfs")
            .line(line)
    };
    let file = home.path().join("hello.txt");
    std::fs::write(&file, format!("hello from {}", hub.address())).unwrap();
    let container = buildah("from scratch").run().await.succeeds().stdout.trim().to_owned();
    let copy =
        buildah(&format!("copy {container}")).args([file.as_os_str(), "/hello.txt".as_ref()]);
    copy.run().await.succeeds();
    buildah(&format!("commit {container} built:1")).run().await.succeeds();

    let credentials = format!("alice:{}", alice.password);
    buildah("push --tls-verify=false --creds")
        .args([&credentials, "built:1", &format!("docker://{}/alice/built:1", hub.address())])
        .run()
        .await
        .succeeds();

    let stored = alice.repo("alice/built").manifest("1").await.is(200);
    assert_eq!(stored.header("content-type"), media::OCI_MANIFEST);
    for layer in stored.json()["layers"].as_array().unwrap() {
        alice.repo("alice/built").blob(layer["digest"].as_str().unwrap()).await.is(200);
    }
}
